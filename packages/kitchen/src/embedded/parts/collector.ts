import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { REPOSITORY } from '../home.ts'
import { HOST } from '../layout.ts'
import { answers } from './answers.ts'
import { nodeEnvironment } from './node.ts'
import type { SupervisedOptions } from './supervised.ts'

/** Takes traces in and shows them. Never a target: it is what the person looks with. */
export function collectorProcess(
  port: number,
  store: string,
  more: Pick<SupervisedOptions, 'log' | 'onSpawn'>,
): SupervisedOptions {
  return {
    name: 'collector',
    eligible: false,
    ...more,
    spawn: () => {
      const output = more.log.open()
      return spawn(process.execPath, [MAIN], {
        cwd: REPOSITORY,
        env: { ...nodeEnvironment(), HOST, PORT: String(port), STORE: store, KITCHEN: '1' },
        stdio: ['pipe', output, output],
      })
    },
    stopWithin: 1_000,
    ready: (signal) => answers(`http://${HOST}:${port}/health/ready`, signal),
  }
}

const MAIN = join(REPOSITORY, 'packages/telemetry/src/collector/main.ts')
