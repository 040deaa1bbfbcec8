import { type ChildProcess, spawn } from 'node:child_process'
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
  more: Pick<SupervisedOptions, 'log' | 'onSpawn'> & {
    environment?: () => Record<string, string>
    /** One that is started already and stands by. */
    next?: () => ChildProcess | undefined
  },
): SupervisedOptions {
  return {
    name,
    log: more.log,
    onSpawn: more.onSpawn,
    spawn: () => {
      const next = more.next?.()
      if (next === undefined) return spawnService(name, layout, more.log.open(), more.environment?.())
      more.log.startAnew()
      return next
    },
    stopWithin: 5_000,
    ready: (signal) => answers(`http://${layout.direct(name)}/health/ready`, signal),
    mistake: (exitCode, log): StageError | undefined => (exitCode === 78 ? mistakeOf(log.lines()) : undefined),
    ...(name === 'order' && {
      explain: (exit, log) => explainEnd(exit, log.lines(), more.environment?.().ORDER_IMPLEMENTATION),
    }),
  }
}

export function spawnService(
  name: ServiceName,
  layout: Layout,
  output: number,
  environment: Record<string, string> = {},
): ChildProcess {
  const limits = name === 'order' ? [`--max-old-space-size=${MEMORY_LIMIT}`] : []
  return spawn(process.execPath, [...limits, '--import', REGISTER, join(REPOSITORY, 'services', name, 'src/main.ts')], {
    cwd: REPOSITORY,
    env: { ...nodeEnvironment(), ...serviceEnvironment(name, layout), ...environment },
    stdio: ['pipe', output, output],
  })
}

const REGISTER = import.meta.resolve('@chaos-kitchen/telemetry/register')
