import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { healFromLedger, ledgerAt } from '../src/index.ts'
import { freePort } from './fixtures/free-port.ts'
import { pidFileTarget } from './fixtures/pid-file-target.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'

let target: ReturnType<typeof pidFileTarget>
afterEach(async () => {
  await target.kill()
})

test.each(['stop', 'kill', 'pause', 'restart'])(
  'a %s that its disruptor was killed over is healed by the next',
  async (kind) => {
    const folder = temporaryFolder()
    const port = await freePort()
    target = pidFileTarget(folder, 'menu', port)
    await target.start()
    await target.ready(AbortSignal.timeout(20_000))
    const disruptor = spawn(
      process.execPath,
      [join(import.meta.dirname, 'fixtures/doomed-disruptor.ts'), folder, String(port), kind],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(disruptor.stdout, 'data')
    const ledger = ledgerAt(join(folder, 'ledger.jsonl'))
    // As long as it lives, its disruption is its own.
    expect(await healFromLedger([target], { ledger })).toEqual([])
    disruptor.kill('SIGKILL')
    await once(disruptor, 'exit')
    await expect(target.ready(AbortSignal.timeout(400))).rejects.toThrow()

    expect(await healFromLedger([target], { ledger })).toMatchObject([{ kind, target: 'menu' }])
    await target.ready(AbortSignal.timeout(20_000))
    expect(await ledger.open()).toEqual([])
  },
)
