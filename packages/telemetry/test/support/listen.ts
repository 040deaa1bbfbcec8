import type { Server } from 'node:net'

/** Listens on a free port of this machine; the URL. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no free port')
  return `http://127.0.0.1:${address.port}`
}
