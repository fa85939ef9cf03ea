"""The stacks of a stage: data, api, workers, monitoring, and the firewall in us-east-1 where the stage has one."""
