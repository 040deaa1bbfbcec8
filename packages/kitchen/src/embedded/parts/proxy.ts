import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Layout, proxyDefinitions } from '../../topology.ts'
import { REPOSITORY } from '../home.ts'
import { postJson } from '../http.ts'
import { HOST } from '../layout.ts'
import { answers } from './answers.ts'
import { nodeEnvironment } from './node.ts'
import type { SupervisedOptions } from './supervised.ts'

/** The Toxiproxy API and one proxy a hop. Never a target: without it no fault could end. */
export function proxyProcess(
  port: number,
  layout: Layout,
  more: Pick<SupervisedOptions, 'log' | 'onSpawn'>,
): SupervisedOptions {
  const api = `http://${HOST}:${port}`
  return {
    name: 'proxy',
    eligible: false,
    ...more,
    spawn: () => {
      const output = more.log.open()
      // One thread alone: with helper threads of V8 it is slower where the machine has few cores (its docs/benchmarks.md).
      return spawn(process.execPath, ['--single-threaded-gc', CLI, '-host', HOST, '-port', String(port)], {
        cwd: REPOSITORY,
        env: { ...nodeEnvironment(), KITCHEN: '1' },
        stdio: ['pipe', output, output],
      })
    },
    stopWithin: 1_000,
    async ready(signal) {
      await answers(`${api}/version`, signal)
      // Again after every start; what exists already stays as it is, toxics included.
      await postJson(`${api}/populate`, proxyDefinitions(layout), signal)
    },
  }
}

const CLI = join(REPOSITORY, 'packages/chaos-proxy/src/cli.ts')
