"""Events such as crashes as people get them: tables of text or spreadsheets, with places and dates in any usual form."""

from mmrisk_core.events.load import LoadedEvents, load_events, survey_table, write_events
from mmrisk_core.events.survey import EventChoices, Survey

__all__ = ["EventChoices", "LoadedEvents", "Survey", "load_events", "survey_table", "write_events"]
