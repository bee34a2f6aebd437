"""The same training as train.py, its options from conf/config.yaml by Hydra.

    python train_hydra.py lr=0.003 hidden=16
"""

from pathlib import Path
from types import SimpleNamespace

import hydra
from omegaconf import DictConfig, OmegaConf

from train import train, write_outputs


@hydra.main(version_base="1.3", config_path="conf", config_name="config")
def main(config: DictConfig) -> None:
    options = SimpleNamespace(**OmegaConf.to_container(config, resolve=True))
    write_outputs(Path(options.out), options, *train(options))
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
