import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { StageError } from '../../stage.ts'
import { type Layout, type ServiceName, serviceEnvironment } from '../../topology.ts'
import { REPOSITORY } from '../home.ts'
import { answers } from './answers.ts'
import { explainEnd, MEMORY_LIMIT } from './explain-end.ts'
import { mistakeOf } from './mistake.ts'
import { nodeEnvironment } from './node.ts'
import type { SupervisedOptions } from './supervised.ts'

/** A service of the restaurant as a child process. */
export function serviceProcess(
  name: ServiceName,
  layout: Layout,
  more: Pick<SupervisedOptions, 'log' | 'onSpawn'> & { environment?: () => Record<string, string> },
): SupervisedOptions {
  return {
    name,
    log: more.log,
    onSpawn: more.onSpawn,
    spawn: () => {
      const output = more.log.open()
      const limits = name === 'order' ? [`--max-old-space-size=${MEMORY_LIMIT}`] : []
      return spawn(
        process.execPath,
        [...limits, '--import', REGISTER, join(REPOSITORY, 'services', name, 'src/main.ts')],
        {
          cwd: REPOSITORY,
          env: { ...nodeEnvironment(), ...serviceEnvironment(name, layout), ...more.environment?.() },
          stdio: ['pipe', output, output],
        },
      )
    },
    stopWithin: 5_000,
    ready: (signal) => answers(`http://${layout.direct(name)}/health/ready`, signal),
    mistake: (exitCode, log): StageError | undefined => (exitCode === 78 ? mistakeOf(log.lines()) : undefined),
    ...(name === 'order' && {
      explain: (exit, log) => explainEnd(exit, log.lines(), more.environment?.().ORDER_IMPLEMENTATION),
    }),
  }
}

const REGISTER = import.meta.resolve('@chaos-kitchen/telemetry/register')
