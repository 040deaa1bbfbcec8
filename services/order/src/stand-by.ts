import { createService, readEnvironment } from '@chaos-kitchen/service'
import { OrderEnvironment, orderServiceBy } from './order-service.ts'

/**
 * Loads what an implementation may import, and waits until a line on standard input says which file it shall be. Ends
 * the process when standard input ends first: then the parent is gone.
 */
export async function standBy(): Promise<string> {
  const { promise: told, resolve } = Promise.withResolvers<string>()
  let text = ''
  const read = (chunk: string) => {
    text += chunk
    const end = text.indexOf('\n')
    if (end >= 0) resolve(text.slice(0, end))
  }
  const orphaned = () => process.exit(0)
  process.stdin.setEncoding('utf8').on('data', read).once('end', orphaned)
  // What can't be loaded is told when the file asks for it, and what can't be made when it is made in earnest.
  await Promise.allSettled([import('@chaos-kitchen/resilience'), import('./index.ts')])
  if (text === '') await rehearse().catch(() => undefined)
  const file = await told
  // From here on the process ends when it has nothing left to do, as one that was started just now.
  process.stdin.off('data', read).off('end', orphaned).pause()
  process.stdin.unref?.()
  return file
}

/** Makes a service that serves nobody: what is loaded and compiled at its first use is then ready for the real one. */
async function rehearse(): Promise<void> {
  const environment = readEnvironment(OrderEnvironment)
  const nobody = orderServiceBy(
    () => ({ placeOrder: () => Promise.reject(new Error('nobody is served')) }),
    environment,
  )
  const service = await createService(nobody, environment)
  await service.stop()
}
