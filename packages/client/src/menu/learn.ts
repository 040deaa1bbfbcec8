import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { FIRST_SEED, nextExercise, learn as watch } from '../commands/exercise.ts'
import type { KeptKitchen } from './kept-kitchen.ts'

/** The first exercise that is not passed; from there every other is a key away. */
export async function learn(context: Context, kitchen: KeptKitchen): Promise<void> {
  const exercise = await nextExercise(context)
  const ready = await kitchen.ready(chooseOrderService('starting', REPOSITORY).file)
  await watch(context, ready, exercise, { seed: FIRST_SEED })
}
