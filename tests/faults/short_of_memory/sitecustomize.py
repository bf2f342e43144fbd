"""Makes torch as short of memory as ``MMRISK_SHORT`` says. Python imports a module of this name when it starts.

``gpu``: a GPU that works and has no room. ``batch``: room for convolutions over 3 images. ``all``: room for none.
"""

import os

import torch

KIND = os.environ.get("MMRISK_SHORT", "")
MOST = {"batch": 3, "all": 0}


def fill_gpu():
    """A GPU that answers, and then has no room."""
    from mmrisk_core.compute import devices

    torch.cuda.is_available = lambda: True
    torch.cuda.device_count = lambda: 1
    torch.cuda.get_device_name = lambda *_: "a GPU whose memory is full"
    devices.run_convolution = lambda device: None

    def refuse():
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has no room.")

    # Every tensor on a GPU asks for it first.
    torch.cuda._lazy_init = refuse
    # Also where the CPU learns; a real one answers.
    torch.optim.Optimizer._accelerator_graph_capture_health_check = lambda optimizer: None


def limit_batches(most):
    """No room for convolutions over more than so many images, as torch says it of a CPU."""
    usual = torch.nn.functional.conv2d

    def conv2d(images, *arguments, **options):
        if images.ndim == 4 and len(images) > most:
            raise RuntimeError(
                "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory"
            )
        return usual(images, *arguments, **options)

    torch.nn.functional.conv2d = conv2d


if KIND == "gpu":
    fill_gpu()
elif KIND:
    limit_batches(MOST[KIND])
