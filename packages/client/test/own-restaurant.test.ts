import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isAlive, temporaryHome, until, workshopIn } from './support/workshop.ts'

/** Commands that start their own restaurant, and what is left of it when they end in any way. */
const { home, remove } = temporaryHome()
const workshop = workshopIn(home)
afterAll(remove)
const LONG = 240_000

function processes(): number[] {
  const { host, children } = JSON.parse(readFileSync(join(home, 'stage.json'), 'utf8'))
  return [host, ...Object.values<{ pid: number }>(children)].map(({ pid }) => pid)
}

async function nothingIsLeft(pids: number[]): Promise<void> {
  await until(() => pids.every((pid) => !isAlive(pid)))
  await until(() => !existsSync(join(home, 'stage.json')))
}

test(
  'a taken port is named and replaced; Ctrl-C takes everything down',
  async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    const battery = workshop.start('--port-base', String(port))
    await battery.printed(new RegExp(`Port ${port} is taken`))
    await battery.printed(/order 1 goes out/)
    const pids = processes()
    battery.child.kill('SIGINT')
    const { code, stdout } = await battery.ended
    expect(stdout).toContain('Stopping')
    expect(stdout).not.toMatch(/\n\s+at /)
    expect(code).toBe(130)
    await nothingIsLeft(pids)
    holder.close()
  },
  LONG,
)

test(
  'after kill -9 of the client the restaurant ends by itself',
  async () => {
    const battery = workshop.start('battery', 'complete', '--seed', '3', '--port-base', '0')
    await battery.printed(/fault begins/)
    const pids = processes()
    battery.child.kill('SIGKILL')
    await battery.ended
    await until(() => pids.every((pid) => !isAlive(pid)))
  },
  LONG,
)
