"""What all jobs share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

from mmrisk_core.progress import Progress

Result = dict[str, Any]
Options = TypeVar("Options", bound=BaseModel)


class Job(BaseModel, ABC):
    """A piece of work, defined once for Processing, command line and worker: typed fields in, a dictionary out.

    A job is the options of what it does, which it inherits, and paths. Fields have the names of the Processing parameters in
    lower case. ``verb`` is the name on the command line, ``outputs`` names the fields with files to write, ``is_shared``
    says whether several processes that ``torchrun`` started may share the work.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    verb: ClassVar[str]
    help: ClassVar[str]
    outputs: ClassVar[tuple[str, ...]] = ()
    is_shared: ClassVar[bool] = False

    @abstractmethod
    def run(self, progress: Progress) -> Result:
        """Do the work.

        :param progress: told how far it is, and asked whether to go on.
        :raises MMRiskError: when the user can mend something.
        :raises Cancelled: when the user cancelled.
        """

    def options(self, kind: type[Options]) -> Options:
        """The options of ``kind`` among the fields, without the paths."""
        return kind.model_construct(**{name: getattr(self, name) for name in kind.model_fields})
