import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { healFromLedger, ledgerAt } from '@chaos-kitchen/disruptor'
import { containerTarget, containerTargets } from '@chaos-kitchen/disruptor/containers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { unsteadyEngine } from './fixtures/unsteady-engine.ts'
import { engineForTests, projectName, removeContainers, startContainer } from './support.ts'

const engine = await engineForTests()
const PATIENCE = 120_000

if (engine === undefined) test.skip('containers as targets', () => undefined)
else
  describe('containers as targets', { timeout: PATIENCE }, () => {
    const { docker } = engine
    const project = projectName()
    const other = projectName()
    const made: string[] = []
    let menu: string
    let bystanders: string[]

    beforeAll(async () => {
      menu = await startContainer(engine, { project, service: 'menu', optIn: 'true' })
      bystanders = await Promise.all([
        startContainer(engine, { project, service: 'proxy' }),
        startContainer(engine, { project, service: 'telemetry', optIn: 'false' }),
        startContainer(engine, { project: other, service: 'menu', optIn: 'true' }),
        startContainer(engine, { project: other, service: 'loyalty', optIn: 'true' }),
      ])
      made.push(menu, ...bystanders)
    })
    afterAll(() => removeContainers(engine, made))
    beforeEach(async () => {
      const target = containerTarget({ docker, project, name: 'menu' })
      await target.resume()
      await target.start()
    })

    async function running(id: string): Promise<{ running: boolean; paused: boolean; pid: number }> {
      const { State } = await docker.getContainer(id).inspect()
      return { running: State.Running, paused: State.Paused, pid: State.Pid }
    }

    test('are the ones with the labels of project and opt-in, by service', async () => {
      expect((await containerTargets(docker, project)).map(({ name }) => name)).toEqual(['menu'])
    })

    test('stop is graceful, stays in spite of the restart policy, and start brings it back', async () => {
      const target = containerTarget({ docker, project, name: 'menu' })
      await target.stop()
      expect(await target.state()).toBe('stopped')
      expect((await docker.getContainer(menu).inspect()).State.ExitCode).toBe(0)
      await sleep(500)
      expect(await target.state()).toBe('stopped')
      await target.stop()
      await target.start()
      await target.start()
      await target.ready(AbortSignal.timeout(10_000))
      expect(await target.state()).toBe('running')
    })

    test('kill ends it at once and stays in spite of the restart policy', async () => {
      const target = containerTarget({ docker, project, name: 'menu' })
      await target.kill()
      expect(await target.state()).toBe('stopped')
      expect((await docker.getContainer(menu).inspect()).State.ExitCode).toBe(137)
      await target.kill()
      await sleep(500)
      expect(await target.state()).toBe('stopped')
    })

    test('pause freezes it, and a stop, kill or resume gets through', async () => {
      const target = containerTarget({ docker, project, name: 'menu' })
      await target.pause()
      await target.pause()
      expect(await target.state()).toBe('paused')
      await target.resume()
      await target.resume()
      expect(await target.state()).toBe('running')
      await target.pause()
      await target.stop()
      expect(await target.state()).toBe('stopped')
      await target.pause()
      await target.resume()
      expect(await target.state()).toBe('stopped')
      await target.start()
      await target.pause()
      await target.kill()
      expect(await target.state()).toBe('stopped')
    })

    test('a pause that the engine gives up on is asked for again, and not for ever', async () => {
      using twice = await unsteadyEngine(engine, { act: 'pause', failures: 2 })
      const target = containerTarget({ docker: twice.docker, project, name: 'menu' })
      await target.pause()
      expect(await target.state()).toBe('paused')
      expect(twice.asked).toBe(3)
      await target.resume()
      using always = await unsteadyEngine(engine, { act: 'pause', failures: Number.POSITIVE_INFINITY })
      const never = containerTarget({ docker: always.docker, project, name: 'menu' })
      await expect(never.pause()).rejects.toThrow('unable to freeze')
      expect(always.asked).toBe(6)
      expect(await never.state()).toBe('running')
    })

    test('ready waits for it to run, and gives up with the signal', async () => {
      const target = containerTarget({ docker, project, name: 'menu' })
      await target.stop()
      await expect(target.ready(AbortSignal.timeout(300))).rejects.toThrow()
      const ready = target.ready(AbortSignal.timeout(20_000))
      await target.start()
      await ready
    })

    test('without the opt-in label none is touched, whatever the arguments', async () => {
      const before = await Promise.all(bystanders.map(running))
      const names = ['proxy', 'telemetry', 'loyalty', '', '*', '.*', 'menu,proxy', 'menu\nproxy', ...bystanders]
      const projects = [project, '*', `${project}*`, `${project},${other}`, 'true', `${project}\n${other}`]
      for (const each of projects) {
        for (const name of names) {
          const target = containerTarget({ docker, project: each, name })
          for (const act of ['stop', 'kill', 'pause', 'resume', 'start', 'state'] as const)
            await expect(target[act]()).rejects.toThrow('may be disturbed')
        }
      }
      await expect(containerTargets(docker, '')).rejects.toThrow('selects nothing')
      for (const act of ['stop', 'kill', 'pause'] as const)
        await expect(containerTarget({ docker, project: '', name: 'menu' })[act]()).rejects.toThrow('selects nothing')
      expect(await Promise.all(bystanders.map(running))).toEqual(before)
      expect(before.every((state) => state.running && !state.paused)).toBe(true)
    })

    test('a disruptor that is killed in the middle leaves what the next command heals', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'kitchen-ledger-'))
      try {
        const path = join(folder, 'ledger.jsonl')
        const target = containerTarget({ docker, project, name: 'menu' })
        const disruptor = fork(join(import.meta.dirname, 'fixtures/disrupt.ts'), [
          engine.endpoint,
          project,
          'menu',
          path,
        ])
        await once(disruptor, 'message')
        disruptor.kill('SIGKILL')
        await once(disruptor, 'exit')
        expect(await target.state()).toBe('stopped')
        const healed = await healFromLedger(await containerTargets(docker, project), { ledger: ledgerAt(path) })
        expect(healed.map(({ kind, target: name }) => ({ kind, name }))).toEqual([{ kind: 'kill', name: 'menu' }])
        expect(await target.state()).toBe('running')
      } finally {
        await rm(folder, { recursive: true })
      }
    })
  })
