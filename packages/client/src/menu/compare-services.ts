import { anySeed } from '../cli/numbers.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { compare, FINISHED } from '../commands/demo.ts'
import type { KeptKitchen } from './kept-kitchen.ts'

export async function compareServices(context: Context, kitchen: KeptKitchen): Promise<void> {
  const starting = chooseOrderService('starting', REPOSITORY)
  await compare(await kitchen.ready(starting.file), context, anySeed(), FINISHED)
}
