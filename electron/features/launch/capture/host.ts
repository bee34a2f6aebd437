import { execFile } from 'node:child_process'
import { cpus, hostname, release, totalmem, type } from 'node:os'
import type { z } from 'zod'
import type { Host } from '#shared/contract/runs.ts'

export type HostFacts = z.infer<typeof Host>

/** The machine: its name, system, processor, memory in bytes and graphics cards. */
export async function hostFacts(): Promise<HostFacts> {
  const processors = cpus()
  return {
    hostname: hostname(),
    platform: `${type()} ${release()}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memory: totalmem(),
    gpus: await gpuNames(),
  }
}

function gpuNames(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    execFile(
      'nvidia-smi',
      ['--query-gpu=name,memory.total', '--format=csv,noheader'],
      { timeout: 5_000 },
      (error, out) =>
        resolve(
          error === null
            ? out
                .split('\n')
                .map((line) => line.trim())
                .filter((line) => line !== '')
            : [],
        ),
    )
  })
}
