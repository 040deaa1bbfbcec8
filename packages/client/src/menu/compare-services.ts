import { anySeed } from '../cli/numbers.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { compare, FINISHED } from '../commands/demo.ts'
import { compareHeadline } from '../screen/compare.ts'
import type { KeptKitchen } from './kept-kitchen.ts'

/** @returns both answers in a line */
export async function compareServices(context: Context, kitchen: KeptKitchen): Promise<string> {
  const starting = chooseOrderService('starting', REPOSITORY)
  const { before, after } = await compare(await kitchen.ready(starting.file), context, anySeed(), FINISHED)
  return compareHeadline(context.output.theme, before, after)
}
