import { type Collector, startCollector } from './index.ts'

/**
 * The collector as a process: `HOST=127.0.0.1 PORT=3000 STORE=.kitchen/traces.sqlite node main.ts`. Ends on SIGTERM
 * and SIGINT, and with `KITCHEN=1` when its standard input ends. Prints one JSON line a record.
 */
const { HOST = '127.0.0.1', PORT = '3000', STORE = ':memory:', KITCHEN } = process.env

function log(level: number, record: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ level, time: Date.now(), name: 'collector', ...record })}\n`)
}

async function start(): Promise<Collector | undefined> {
  try {
    return await startCollector({
      host: HOST,
      port: Number(PORT),
      store: STORE,
      onDisk: (state, why) => {
        if (state === 'lost') log(40, { msg: `${STORE} can't be written (${why}); going on in memory with the newest` })
        else log(30, { msg: `${STORE} can be written again` })
      },
    })
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const message = taken ? `Port ${PORT} is taken.` : `The collector can't start: ${String(error)}`
    const hint = taken ? 'Stop what listens there, or set PORT to another.' : 'Check HOST, PORT and STORE.'
    log(60, { fatal: { code: taken ? 'PORT_TAKEN' : 'COLLECTOR_START', message, hint } })
    process.exitCode = 1
    return undefined
  }
}

const collector = await start()
if (collector) {
  log(30, { msg: 'listening', url: collector.url })
  const stop = () => void collector.stop().finally(() => process.exit())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  if (KITCHEN === '1') process.stdin.once('close', stop).once('error', stop).resume()
}
