/** Lines as trainers print them, and the points in them, parted by blanks: `key@step=value`. */
export interface LogSample {
  readonly trainer: string
  readonly log: string
  readonly points: string
}

const ESC = '\u001b'

/** Recorded from the tools themselves, but for those that are named as written by hand. */
export const LOG_SAMPLES: readonly LogSample[] = [
  {
    trainer: 'a script of its own',
    log: `epoch 1 train_loss 1.2100 val_acc 0.4200 lr 0.0523 21.4 s
epoch 2 train_loss 0.9466 val_acc 0.8771 lr 0.0497 20.8 s   saved best.pt
epoch 3 train_loss nan val_acc -inf lr 1e-4 21.3 s`,
    points: `
      train_loss@1=1.21 val_acc@1=0.42 lr@1=0.0523 train_loss@2=0.9466 val_acc@2=0.8771 lr@2=0.0497
      train_loss@3=NaN val_acc@3=-Infinity lr@3=0.0001`,
  },
  {
    trainer: 'loggers, prefixes and separators, by hand',
    log: `2026-11-21 14:20:01,123 - INFO - train - epoch 3 - loss 0.41 - val_acc 87.3%
[2026-11-21 14:20:02] INFO: Epoch 4/10, loss: 0.40, val_acc: 88.1%
I1121 14:20:03.123456 12345 train.py:123] epoch=5 loss=0.39
[rank0]: [Epoch 6/10] loss: 0.38 | time: 93.04ms | mem: 3.5GB
${ESC}[32m14:30:34${ESC}[0m epoch 7: loss=0.37; it/s 12.5; eta 0:12:03
EPOCH 8: Train Loss: 0.36, Val Loss: 0.44, Grad Norm: 1.5`,
    points: `
      loss@3=0.41 val_acc@3=87.3 loss@4=0.4 val_acc@4=88.1 loss@5=0.39 loss@6=0.38 time@6=0.09304
      mem@6=3500000000 loss@7=0.37 it/s@7=12.5 train_loss@8=0.36 val_loss@8=0.44 grad_norm@8=1.5`,
  },
  {
    trainer: 'names of any script, by hand',
    log: `epoch 1 précision=0.75 損失: 0.5 точность/val=0.8 Größe_µ=2.5
epoch 2 précision=0.77 損失: 0.4 🎲 точность/val=0.85 𝛼 = 0.25`,
    points: `
      précision@1=0.75 損失@1=0.5 точность/val@1=0.8 Größe_µ@1=2.5
      précision@2=0.77 損失@2=0.4 точность/val@2=0.85 𝛼@2=0.25`,
  },
  {
    trainer: 'the MNIST example of PyTorch',
    log: `Train Epoch: 1 [0/60000 (0%)]\tLoss: 2.300039
Train Epoch: 1 [640/60000 (1%)]\tLoss: 1.213470

Test set: Average loss: 0.0493, Accuracy: 9842/10000 (98%)

Train Epoch: 2 [0/60000 (0%)]\tLoss: 0.050127`,
    points: 'Loss@0=2.300039 Loss@640=1.21347 average_loss@1=0.0493 Accuracy@1=0.9842 Loss@60000=0.050127',
  },
  {
    trainer: 'the ImageNet example of PyTorch',
    log: `Epoch: [0][   1/5005]\tTime  7.350 ( 7.350)\tData  5.001 ( 5.001)\tLoss 6.9001e+00 (6.9001e+00)\tAcc@1   0.00 (  0.00)
Epoch: [1][   1/5005]\tTime  0.350 ( 2.550)\tData  0.001 ( 0.201)\tLoss 5.8001e+00 (6.9001e+00)\tAcc@1   4.10 (  4.14)
 *   Acc@1 63.112 Acc@5 84.907`,
    points: `
      Time@1=7.35 Data@1=5.001 Loss@1=6.9001 Acc@1@1=0 Time@5006=0.35 Data@5006=0.001 Loss@5006=5.8001
      Acc@1@5006=4.1 Acc@1@5006=63.112 Acc@5@1=84.907`,
  },
  {
    trainer: 'nanoGPT, by hand',
    log: `step 0: train loss 4.2874, val loss 4.2823
iter 10: loss 3.5011, time 93.04ms, mfu 11.21%
saving checkpoint to out-shakespeare-char
step 250: train loss 1.9688, val loss 2.0704`,
    points: `
      train_loss@0=4.2874 val_loss@0=4.2823 loss@10=3.5011 time@10=0.09304 mfu@10=11.21
      train_loss@250=1.9688 val_loss@250=2.0704`,
  },
  {
    trainer: 'the Trainer of Hugging Face, with its bar',
    log: `\r  0%|          | 0/1500 [00:00<?, ?it/s]\r 33%|███▎      | 500/1500 [00:41<01:22, 12.10it/s]\r                                                  \r{'loss': 1.6531, 'grad_norm': 2.25, 'learning_rate': 1.3934426229508198e-05, 'epoch': 0.33}
\r 33%|███▎      | 500/1500 [00:41<01:22, 12.10it/s]\r 67%|██████▋   | 1000/1500 [01:22<00:41, 12.1it/s]\r                                                  \r{'loss': '1.5554', 'grad_norm': '2.125', 'learning_rate': '4.9e-06', 'epoch': '0.67'}
{'eval_loss': 1.2490781545639038, 'eval_runtime': 49.1914, 'eval_samples_per_second': 119.431, 'epoch': 1.0}`,
    points: `
      loss@500=1.6531 grad_norm@500=2.25 learning_rate@500=0.000013934426229508198 epoch@500=0.33
      loss@1000=1.5554 grad_norm@1000=2.125 learning_rate@1000=0.0000049 epoch@1000=0.67
      eval_loss@1000=1.2490781545639038 eval_runtime@1000=49.1914 eval_samples_per_second@1000=119.431`,
  },
  {
    trainer: 'the Trainer of Hugging Face, without its bar',
    log: `{'loss': 0.41, 'epoch': 0.5}
{'loss': 0.31, 'epoch': 1.5}
{'train_runtime': 122.31, 'train_loss': 0.3512, 'epoch': 2.0}`,
    points: 'loss@0=0.41 epoch@0=0.5 loss@1=0.31 epoch@1=1.5 train_runtime@2=122.31 train_loss@2=0.3512',
  },
  {
    trainer: 'JSON lines and dicts, by hand',
    log: `{"step": 100, "train": {"loss": 0.41, "ppl": 1.5}, "lr": 1e-3, "time": "2026-11-21T14:20:01"}
INFO | train_inner | {"epoch": 1, "update": 0.01, "loss": "15.2", "num_updates": "200", "wps": "3014.8"}
metrics: {'val_loss': np.float64(0.5), 'val_acc': tensor(0.875, device='cuda:0', grad_fn=<MeanBackward0>)}
{"epoch": 2, "loss": NaN}`,
    points: `
      train/loss@100=0.41 train/ppl@100=1.5 lr@100=0.001 epoch@200=1 update@200=0.01 loss@200=15.2 wps@200=3014.8
      val_loss@1=0.5 val_acc@1=0.875 loss@200=NaN`,
  },
  {
    trainer: 'tqdm',
    log: `\rEpoch 0:   0%|          | 0/30 [00:00<?, ?it/s]\rEpoch 0:   0%|          | 0/30 [00:00<?, ?it/s, acc=0.5, loss=1]\rEpoch 0:  17%|█▋        | 5/30 [00:00<00:00, 48.52it/s, acc=0.54, loss=0.2]\rEpoch 0: 100%|██████████| 30/30 [00:00<00:00, 49.05it/s, acc=0.79, loss=0.0333]
\rEpoch 1:   0%|          | 0/30 [00:00<?, ?it/s]\rEpoch 1: 100%|██████████| 30/30 [00:00<00:00, 49.05it/s, acc=0.81, loss=0.0233]`,
    points: 'acc@0=0.79 loss@0=0.0333 acc@1=0.81 loss@1=0.0233',
  },
  {
    trainer: 'tqdm over a whole training, a line for each drawing, by hand',
    log: ` 45%|███▌ | 45/100 [00:03<00:04, 12.1it/s, loss=0.41]
 46%|███▋ | 46/100 [00:03<00:04, 12.1it/s, loss=0.4]
47it [00:03, 12.1it/s, loss=0.39]
100%|██████████| 3/3 [00:00<00:00, 185042.82it/s]`,
    points: 'loss@45=0.41 loss@46=0.4 loss@47=0.39',
  },
  {
    trainer: 'PyTorch Lightning',
    log: `Sanity Checking DataLoader 0: 100%|██████████| 2/2 [00:00<00:00, 50.21it/s]
Epoch 0:  22%|██▏       | 4/18 [00:17<01:02,  4.47s/it, loss=10.072, v_num=193315]
Epoch 0: 100%|██████████| 18/18 [00:44<00:00,  2.47s/it, loss=9.1, v_num=193315, train_loss_step=9.05, val_acc=0.12]
Validation DataLoader 0: 100%|██████████| 10/10 [00:00<00:00, 50.2it/s]
Epoch 1: 100%|██████████| 18/18 [00:44<00:00,  2.47s/it, loss=8.1, v_num=193315, train_loss_step=8.05, val_acc=0.22]
\`Trainer.fit\` stopped: \`max_epochs=2\` reached.
┃        Test metric        ┃       DataLoader 0        ┃
│         test_acc          │    0.8700000047683716     │`,
    points: `
      loss@0=9.1 train_loss_step@0=9.05 val_acc@0=0.12 loss@1=8.1 train_loss_step@1=8.05
      val_acc@1=0.22 test_acc@1=0.8700000047683716`,
  },
  {
    trainer: 'Keras',
    log: `Epoch 1/2
\r${ESC}[1m 1/15${ESC}[0m ${ESC}[32m━${ESC}[0m${ESC}[37m━━━━━━━━━━━━━━━━━━━${ESC}[0m ${ESC}[1m7s${ESC}[0m 538ms/step - accuracy: 0.6250 - loss: 0.6805
Epoch 1: saving model to /tmp/m.keras

Epoch 1: finished saving model to /tmp/m.keras
${'\b'.repeat(60)}\r${ESC}[1m15/15${ESC}[0m ${ESC}[32m━━━━━━━━━━━━━━━━━━━━${ESC}[0m${ESC}[37m${ESC}[0m ${ESC}[1m1s${ESC}[0m 24ms/step - accuracy: 0.5604 - loss: 0.8161 - val_accuracy: 0.4750 - val_loss: 0.8842 - learning_rate: 0.0010
Epoch 2/2
15/15 - 0s - 4ms/step - accuracy: 0.5542 - loss: 0.7075 - val_accuracy: 0.5000 - val_loss: 0.7137
\r${ESC}[1m19/19${ESC}[0m ${ESC}[32m━━━━━━━━━━━━━━━━━━━━${ESC}[0m${ESC}[37m${ESC}[0m ${ESC}[1m0s${ESC}[0m 273us/step - accuracy: 0.5617 - loss: 0.7802`,
    points: `
      accuracy@1=0.5604 loss@1=0.8161 val_accuracy@1=0.475 val_loss@1=0.8842 learning_rate@1=0.001
      accuracy@2=0.5542 loss@2=0.7075 val_accuracy@2=0.5 val_loss@2=0.7137 evaluate_accuracy@2=0.5617
      evaluate_loss@2=0.7802`,
  },
  {
    trainer: 'Keras of TensorFlow 2, by hand',
    log: `Epoch 1/5
938/938 [==============================] - 3s 3ms/step - loss: 0.2912 - accuracy: 0.9163 - val_loss: 0.1411
Epoch 2/5
600/938 [==================>...........] - ETA: 1s - loss: 0.1212 - accuracy: 0.9563\r938/938 [==============================] - 3s 3ms/step - loss: 0.1212 - accuracy: 0.9563 - val_loss: 0.1011`,
    points: `
      loss@1=0.2912 accuracy@1=0.9163 val_loss@1=0.1411 loss@2=0.1212 accuracy@2=0.9563
      val_loss@2=0.1011`,
  },
  {
    trainer: 'LightGBM',
    log: `[LightGBM] [Info] Number of positive: 205, number of negative: 195
[LightGBM] [Info] Auto-choosing col-wise multi-threading, the overhead of testing was 0.000056 seconds.
[LightGBM] [Info] [binary:BoostFromScore]: pavg=0.512500 -> initscore=0.050010
[LightGBM] [Info] Start training from score 0.050010
[LightGBM] [Warning] No further splits with positive gain, best gain: -inf
Training until validation scores don't improve for 10 rounds
[5]\ttrain's auc: 0.888543\ttrain's binary_logloss: 0.551783\tvalid's auc: 0.859574
Early stopping, best iteration is:
[18]\ttrain's auc: 0.93122\ttrain's binary_logloss: 0.398757\tvalid's auc: 0.869182
[5]\tvalid's auc: 0.814117 + 0.0257819`,
    points: `
      train-auc@5=0.888543 train-binary_logloss@5=0.551783 valid-auc@5=0.859574 train-auc@18=0.93122
      train-binary_logloss@18=0.398757 valid-auc@18=0.869182 valid-auc@5=0.814117
      valid-auc-std@5=0.0257819`,
  },
  {
    trainer: 'XGBoost',
    log: `[0]\ttrain-logloss:0.56767\ttrain-auc:0.91845\teval-logloss:0.60379\teval-auc:0.82624
[10]\ttrain-logloss:0.23682\ttrain-auc:0.99592\teval-logloss:0.50335\teval-auc:0.83685
[11]\ttrain-logloss:0.34139+0.00376\ttest-logloss:0.60475+0.01479`,
    points: `
      train-logloss@0=0.56767 train-auc@0=0.91845 eval-logloss@0=0.60379 eval-auc@0=0.82624
      train-logloss@10=0.23682 train-auc@10=0.99592 eval-logloss@10=0.50335 eval-auc@10=0.83685
      train-logloss@11=0.34139 train-logloss-std@11=0.00376 test-logloss@11=0.60475
      test-logloss-std@11=0.01479`,
  },
  {
    trainer: 'CatBoost',
    log: `Learning rate set to 0.13857
0:\ttest: 0.7769493\tbest: 0.7769493 (0)\ttotal: 47ms\tremaining: 893ms
19:\tlearn: 0.4312\ttest: 0.8636773\tbest: 0.8636773 (19)\ttotal: 58.2ms\tremaining: 0us

bestTest = 0.8636773096
bestIteration = 19
`,
    points: 'test@0=0.7769493 best@0=0.7769493 learn@19=0.4312 test@19=0.8636773 best@19=0.8636773',
  },
  {
    trainer: 'scikit-learn',
    log: `      Iter       Train Loss   Remaining Time 
         1           1.3088            0.02s
        10           0.9790            0.00s
Iteration 11, loss = 0.70619391
Iteration 12, loss = 0.69268276
-- Epoch 1
Norm: 33.67, NNZs: 5, Bias: 6.591336, T: 600, Avg. loss: 7.303813, Objective: 7.371950
Total training time: 0.00 seconds.
Test accuracy: 0.875`,
    points: `
      train_loss@1=1.3088 train_loss@10=0.979 loss@11=0.70619391 loss@12=0.69268276
      avg_loss@1=7.303813 test_accuracy@1=0.875`,
  },
  {
    trainer: 'fastai, by hand',
    log: `epoch     train_loss  valid_loss  accuracy  time    
0         0.742137    0.690551    0.812000  00:12     
1         0.542137    0.490551    0.852000  00:12     `,
    points: `
      train_loss@0=0.742137 valid_loss@0=0.690551 accuracy@0=0.812 train_loss@1=0.542137
      valid_loss@1=0.490551 accuracy@1=0.852`,
  },
  {
    trainer: 'ultralytics, by hand',
    log: `      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size
        1/3      2.9G      1.213      1.334      1.102         12        640:  50%|█████     | 4/8 [00:01<00:01,  5.1it/s]\r        1/3      2.9G      1.213      1.334      1.102         12        640: 100%|██████████| 8/8 [00:01<00:00,  5.1it/s]`,
    points: 'GPU_mem@1=2900000000 box_loss@1=1.213 cls_loss@1=1.334 dfl_loss@1=1.102',
  },
  {
    trainer: 'Stable-Baselines, by hand',
    log: `---------------------------------
| rollout/           |          |
|    ep_rew_mean     | 22.2     |
| time/              |          |
|    total_timesteps | 2048     |
| train/             |          |
|    value_loss      | 0.51     |
---------------------------------`,
    points: 'ep_rew_mean@0=22.2 value_loss@2048=0.51',
  },
]

/** Lines that hold numbers and no metric. */
export const LINES_WITHOUT_METRICS: readonly string[] = [
  'torch 2.4.1+cu121, python 3.11.7, cuda 12.1',
  'Starting server at http://192.168.0.1:8080/metrics?loss=0.5',
  'host: 127.0.0.1',
  'port: 8080',
  'seed: 42',
  'dropout: 0.1',
  'learning_rate: 0.001',
  'weight_decay=0.01',
  'loss_weight: 0.5',
  'label_smoothing: 0.1',
  'target_accuracy: 0.95',
  'score_threshold: 0.5',
  'precision: 16',
  'error: 404',
  'num_epochs: 10',
  "{'lr': 0.1, 'batch_size': 32, 'epochs': 10, 'precision': 16}",
  '{"loss": "cross_entropy", "lr": 0.001, "betas": [0.9, 0.999]}',
  'Namespace(batch_size=64, test_batch_size=1000, epochs=14, lr=1.0, gamma=0.7, dry_run=False, seed=1)',
  'Namespace(epoch=14, lr=1.0, loss=0.5)',
  'Conv2d(3, 32, kernel_size=(3, 3), stride=(1, 1), loss=0.5)',
  '  (bn1): BatchNorm2d(64, eps=1e-05, momentum=0.1, affine=True)',
  'Total params: 1,199,882',
  'Model has 11.69M parameters, 1.82 GFLOPs',
  'Downloading https://download.pytorch.org/models/resnet18-f37072fd.pth to /root/.cache/torch/resnet18-f37072fd.pth',
  'Downloading:  45%|████▌     | 45.0M/100M [00:03<00:04, 12.1MB/s]',
  'Map: 100%|██████████| 25000/25000 [00:12<00:00, 2012.21 examples/s]',
  'Loaded 60000 images in 3.2 s',
  'Saved checkpoint at step 500 to runs/2026-11-21/model-0.41.pt',
  'Epoch 00003: val_loss improved from 0.50000 to 0.40000, saving model to best.pt',
  'Epoch 3 finished in 12.3 seconds',
  'EarlyStopping counter: 3 out of 10',
  'Train: 60000, Test: 10000',
  '127.0.0.1 - - [21/Nov/2026 14:20:01] "GET /api/2.0 HTTP/1.1" 200 -',
  '| NVIDIA-SMI 550.54.15    Driver Version: 550.54.15    CUDA Version: 12.4 |',
  '  File "/home/ann/train.py", line 42, in <module>',
  'RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 7.79 GiB total capacity)',
  'UserWarning: The loss is 0 at 3 of 10 points; see docs 1.2.3',
  'commit e07b1c4d2a accuracy-fix',
  'time="2026-11-21T14:20:01Z" level=info msg="started"',
  'PID 12345 listening',
  'x = 3',
  'loss.backward()',
  '              precision    recall  f1-score   support',
  '',
  '=====',
]
