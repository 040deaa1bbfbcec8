/** The server behind the proxies, a process of its own: the first byte of a connection says what it does with the rest. */
import { createServer } from 'node:net'
import { pour } from './pour.ts'

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {})
  socket.once('data', (first: Buffer) => {
    const kind = first.toString('latin1', 0, 1)
    if (kind === 's') return sink(first)
    if (kind === 'd') return pour(socket, first.readUInt32BE(1))
    if (first.length > 1) socket.write(first.subarray(1))
    socket.on('data', (data) => socket.write(data))
  })

  /** Takes as many bytes as the next four say, and answers with one. */
  function sink(first: Buffer): void {
    let left = first.readUInt32BE(1) - (first.length - 5)
    socket.on('data', (data) => {
      left -= data.length
      if (left === 0) socket.write('.')
    })
  }
})

server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.(address.port)
})
process.on('disconnect', () => process.exit())
