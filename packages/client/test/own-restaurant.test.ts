import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
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

/** Below the range from which the system gives ports to everyone: the ports after it stay free meanwhile. */
async function holdPort(): Promise<{ holder: Server; port: number }> {
  for (let port = 5_000 + (process.pid % 140) * 20; ; port += 20) {
    const holder = createServer()
    const listening = await new Promise<boolean>((resolve) => {
      holder.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (listening) return { holder, port }
  }
}

test(
  'without a terminal the demo runs; a taken port is named and replaced; Ctrl-C takes everything down',
  async () => {
    const { holder, port } = await holdPort()
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
