"""The networks of the method, by their names."""

from mmrisk_core.models.basic_cnn import BasicCNN, count_parameters
from mmrisk_core.models.multimodal_nn import MultiModalNN
from mmrisk_core.models.pretrained_cnn import PretrainedCNN
from mmrisk_core.models.tabular_nn import TabularNN

__all__ = ["BasicCNN", "MultiModalNN", "PretrainedCNN", "TabularNN", "count_parameters"]
