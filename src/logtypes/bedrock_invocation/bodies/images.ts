import { firstText, joined, objectOf, objectsOf, textOf } from '../json.ts'
import type { Dialect } from './contract.ts'

/**
 * Images and videos: Stability, Titan Image, Nova Canvas and Reel. The result is in the body, or in an object
 * of its own.
 */
export const images: Dialect = {
  name: 'images',
  question(body) {
    const prompt =
      joined(
        objectsOf(body.text_prompts).map(({ text }) => textOf(text)),
        '\n',
      ) ??
      firstText(...PARAMS.map((params) => objectOf(body[params])?.text ?? objectOf(body[params])?.prompt))
    return prompt === undefined ? undefined : { prompt }
  },
  answer(body) {
    const artifacts = objectsOf(body.artifacts)
    if (!Array.isArray(body.images) && artifacts.length === 0) return undefined
    const reasons = Array.isArray(body.finish_reasons) ? body.finish_reasons : []
    return {
      stopReason: firstText(
        artifacts[0]?.finishReason,
        reasons.find((reason) => typeof reason === 'string'),
        body.error,
      ),
    }
  },
}

/** The field with the text, by task, of Titan Image, Nova Canvas and Nova Reel. */
const PARAMS = [
  'textToImageParams',
  'inPaintingParams',
  'outPaintingParams',
  'imageVariationParams',
  'backgroundRemovalParams',
  'colorGuidedGenerationParams',
  'virtualTryOnParams',
  'textToVideoParams',
  'multiShotAutomatedParams',
]
