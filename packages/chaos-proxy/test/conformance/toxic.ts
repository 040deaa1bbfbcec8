import type { ICreateToxicBody, ToxicDirection, ToxicType } from 'toxiproxy-node-client'

/** A toxic in the words of the client, named as the server would name it. */
export const toxic = (
  type: ToxicType,
  attributes: Record<string, number>,
  stream: ToxicDirection = 'downstream',
  toxicity = 1,
): ICreateToxicBody<Record<string, number>> => ({ name: `${type}_${stream}`, type, stream, toxicity, attributes })
