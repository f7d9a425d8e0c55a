import { dot, toUnitLength } from '../vectors.ts'
import type { EmbeddingModel } from './embedding.ts'

const KNOWN_QUESTION = '低保每个月能领多少钱？'
/** What the model makes of it, as signed bytes: rounding costs less than 0.0001 of the cosine. */
const KNOWN_VECTOR = [
  '3BANEfvi7gcK7yOBCN8DB8/o3vkaC/PU/CP/EfgA/AkV/fHV8Pz/2f3+Axvl6wYUAfrZBC348Mr5FwMK7gbnBwvqAhT/DAkWBPv95fkVEBj++hjiEAH17f8G5dga+AwX7Qnt+frlI/Dr',
  '/wr17tnZGAkjFvQG/AciCRMe/O7sDO8RAO0O9Oj/6/L8COYZ89zl7R/q6v4I8gcJ+vX67+gK9PcGAhv35PooDAUGDREHDPL2/fsN6BQKDOj9/ujz9BD89BHX/O4K//D1AQAJCObv8PYE',
  '6fv//RAoCwQG3xoA/eYB/Cb/7gkAEOf/Fer+F+sFDCcA/QEUCPAQDgH2FAsBEAcDGvP79eQI6O0c+fD+9xX/7QcPBSDgCgfp+v7wHf0BDwsE8wgbEw7gAhgZ//Xy/On3+/EiCfzm9PoQ',
  '+frxFvANIfcAAu4WCv0D4vvxEgXPCwQUCQwTBPsRCeH9ItgQ6AIA4g4A4ugT7AD2A/X65v758hH5FgHr9fMX9vP14+blFQ7vDQcOEPDwDA7rAwEb7Bf1BCsU5w0B9/NuFQoADfsTEikx',
  'C/H67dDa8fro8wwJGugG8PD8CA3qMQT/+BL6CBopDAIVIAsE+REAHQHuCiHQB+Ln//fP9+gH6v3wGgH8BxUJ9vMD+hAIDRcE9/oH4x0UDgfT9QH++AQBB+8VE+8=',
].join('')

/** Whether a model is the one that the weights were fitted for: the cosine of one known question's vector, at least 0.999. */
export async function isKnownModel(model: EmbeddingModel): Promise<boolean> {
  const bytes = Buffer.from(KNOWN_VECTOR, 'base64')
  const expected = toUnitLength(Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)))
  const [vector] = await model.embed([KNOWN_QUESTION], 'question')
  return vector !== undefined && vector.length === expected.length && dot(vector, expected) >= 0.999
}
