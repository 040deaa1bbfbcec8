import { setTimeout as sleep } from 'node:timers/promises'
import { defineOrderService } from '../src/index.ts'

/** Forgets to await, and takes its time. */
export default defineOrderService(() => ({
  async placeOrder(request) {
    console.log(JSON.stringify({ level: 20, msg: 'placing' }))
    Promise.reject(new Error('forgotten'))
    await sleep(Number(request.items[0]?.quantity) * 30)
    return { orderId: request.customerId, amount: 1, discountPercentage: 0 }
  },
}))
