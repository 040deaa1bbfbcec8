import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface CuttingProxy {
  port: number
  /** From now on: a message of the client's that contains this text is passed on, and its connection cut after that. */
  cutAfter: string | undefined
  /** How many more times. */
  cuts: number
}

/** In front of PostgreSQL: loses replies after the work was done. */
export async function startCuttingProxy(upstream: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  const proxy: CuttingProxy = { port: 0, cutAfter: undefined, cuts: 0 }
  const server = createServer((client) => {
    const target = connect(upstream, '127.0.0.1')
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    let isCut = false
    client.on('data', (data) => {
      if (proxy.cutAfter !== undefined && proxy.cuts > 0 && data.includes(proxy.cutAfter)) {
        proxy.cuts--
        isCut = true
      }
      target.write(data)
    })
    target.on('data', (data) => {
      if (isCut) client.destroy()
      else client.write(data)
    })
    client.on('close', () => target.end())
    target.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.port = (server.address() as AddressInfo).port
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return proxy
}
