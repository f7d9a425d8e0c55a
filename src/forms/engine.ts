import type { DraftState, FieldValue, FurtherMatter } from '../domain/kept-state.ts'
import { MOST_PHOTOS } from '../domain/pictures/photos.ts'
import type { Slots } from '../domain/messages/understanding.ts'
import type { Form, FormContext, FormField } from './form.ts'

/** Wrong inputs in a row after which a person is offered. */
export const MOST_MISSES = 3

/** A new draft from the message that opens the form: everything it says already is filled in. */
export function openDraft(form: Form, input: { text: string; slots: Slots; context: FormContext; inboundId: string; isNameless?: boolean }): DraftState {
  const { text, slots, context } = input
  const draft: DraftState = {
    v: 1,
    form: form.id,
    values: { ...form.opening(text, slots, context), ...(slots.community !== undefined && { community: slots.community }) },
    stage: 'field',
    asking: null,
    asked: [],
    skipped: [],
    misses: 0,
    messageIds: [input.inboundId],
    further: [],
    ...(input.isNameless && { isNameless: true }),
    openedAt: context.now.toISOString(),
    touchedAt: context.now.toISOString(),
  }
  return fillMissing(form, draft, slots, context)
}

/** Fills the fields that are still empty from what a message says. */
export function fillMissing(form: Form, draft: DraftState, slots: Slots, context: FormContext): DraftState {
  const values = { ...draft.values }
  for (const field of form.fields) {
    const said = field.isContact && draft.isNameless ? undefined : field.fromSlots(slots, context)
    if (values[field.name] === undefined && said !== undefined) values[field.name] = said
  }
  if (values['community'] === undefined && slots.community !== undefined) values['community'] = slots.community
  return { ...draft, values }
}

/** Overwrites fields with what a message says: at the summary, a value said again is a correction. `adds`: what can be more than one thing is joined to what stands. Returns null when nothing changes. */
export function overwriteSaid(form: Form, draft: DraftState, slots: Slots, context: FormContext, { only, adds = false }: { only: readonly string[]; adds?: boolean }): DraftState | null {
  const values = { ...draft.values }
  let hasChanged = false
  for (const field of form.fields) {
    if (!only.includes(field.name)) continue
    const said = field.fromSlots(slots, context)
    if (said === undefined || JSON.stringify(said) === JSON.stringify(values[field.name])) continue
    const known = values[field.name]
    values[field.name] = known === undefined ? said : renew(field, known, said, adds)
    hasChanged = true
  }
  return hasChanged ? reconcile(form, { ...draft, values }, draft, context) : null
}

function renew(field: FormField, known: FieldValue, said: FieldValue, adds: boolean): FieldValue {
  if (adds && field.join) return field.join(known, said)
  return field.merge && typeof said === 'string' ? mergeInto(field, known, said) : said
}

/** What is wrong with a value that stands in the words and fills no field; undefined when there is none. */
export function explainFault(form: Form, draft: DraftState, said: string, except?: FormField): string | undefined {
  return form.fields.filter((field) => field !== except && draft.values[field.name] === undefined).flatMap((field) => field.explainFault?.(said) ?? [])[0]
}

/** A whole new value replaces the old one; a part of one is merged into it. */
function mergeInto(field: FormField, known: FieldValue, said: string): FieldValue {
  const merged = field.merge?.(known, said)
  return merged === undefined || merged === known ? said : merged
}

/**
 * The draft with one field corrected from the words said for it; null when they hold no such value. `instead`: the part of the known
 * value that is wrong, where only that is.
 */
export function correctValue(form: Form, draft: DraftState, field: FormField, said: string, context: FormContext, instead?: string): DraftState | null {
  const known = draft.values[field.name]
  if (instead !== undefined && typeof known === 'string' && known.includes(instead)) return reconcile(form, setValue(draft, field.name, known.replace(instead, said)), draft, context)
  const merged = known !== undefined && field.merge ? field.merge(known, said) : undefined
  if (merged !== undefined && merged !== known) return reconcile(form, setValue(draft, field.name, merged), draft, context)
  const parsed = field.parse(said, context)
  return parsed.ok ? reconcile(form, setValue(draft, field.name, parsed.value), draft, context) : null
}

const reconcile = (form: Form, draft: DraftState, before: DraftState, context: FormContext): DraftState => ({ ...draft, values: { ...draft.values, ...form.reconcile?.(draft.values, before.values, context) } })

/** The draft with what follows from an answer and is not known yet: of which service the matter is. */
export function deriveMissing(form: Form, draft: DraftState, before: DraftState, context: FormContext): DraftState {
  const derived = Object.entries(form.reconcile?.(draft.values, before.values, context) ?? {}).filter(([name]) => draft.values[name] === undefined)
  return { ...draft, values: { ...draft.values, ...Object.fromEntries(derived) } }
}

export const setValue = (draft: DraftState, name: string, value: FieldValue): DraftState => ({ ...draft, values: { ...draft.values, [name]: value }, misses: 0 })

export const findField = (form: Form, name: string | null): FormField | undefined => form.fields.find((field) => field.name === name)

/** The field that is called just so. */
export const findFieldByName = (form: Form, name: string): FormField | undefined => form.fields.find((field) => [field.label, ...field.words].includes(name.trim()))

/** The field that residents call by this word. Longer words win, so that 监护人电话 is not 电话. */
export function findFieldByWord(form: Form, word: string, draft: DraftState, context: FormContext): FormField | undefined {
  const candidates = form.fields
    .filter((field) => field.isAsked(draft.values, context) || field.isDerived === true || draft.values[field.name] !== undefined)
    .flatMap((field) => [field.label, ...field.words].map((name) => ({ field, name })))
    .filter(({ name }) => word.includes(name))
    .sort((one, other) => other.name.length - one.name.length)
  return candidates[0]?.field
}

const isOpen = (field: FormField, draft: DraftState, context: FormContext) =>
  !(field.isContact && draft.isNameless) && draft.values[field.name] === undefined && !draft.skipped.includes(field.name) && field.isAsked(draft.values, context)

/** Whether the form will hold personal data, so that consent is needed first. */
export const needsConsent = (form: Form, draft: DraftState, context: FormContext): boolean =>
  draft.isNameless !== true && form.fields.some((field) => field.isPersonal && (draft.values[field.name] !== undefined || field.isAsked(draft.values, context)))

/** Moves the draft to what comes next: consent, the first field that is open, or the summary. */
export function advance(form: Form, draft: DraftState, context: FormContext, hasConsent: boolean): DraftState {
  if (!hasConsent && needsConsent(form, draft, context)) return { ...draft, stage: 'consent', asking: null }
  const next = form.fields.find((field) => isOpen(field, draft, context))
  if (!next) return { ...draft, stage: 'confirm', asking: null }
  const asked = draft.asked.at(-1) === next.name ? draft.asked : [...draft.asked, next.name]
  return { ...draft, stage: 'field', asking: next.name, asked }
}

/** Asks one field again, forgetting what it holds. */
export function askAgain(draft: DraftState, name: string): DraftState {
  const values = Object.fromEntries(Object.entries(draft.values).filter(([key]) => key !== name))
  return { ...draft, values, stage: 'field', asking: name, asked: [...draft.asked.filter((asked) => asked !== name), name], skipped: draft.skipped.filter((skipped) => skipped !== name), misses: 0 }
}

/** 返回: the field that was asked before the present one; null when there is none. */
export function goBack(draft: DraftState): DraftState | null {
  const asked = draft.stage === 'field' ? draft.asked.slice(0, -1) : draft.asked
  const previous = asked.at(-1)
  return previous === undefined ? null : askAgain({ ...draft, asked: asked.slice(0, -1) }, previous)
}

/** The values in words, one line each, for the summary. */
export function summarise(form: Form, draft: DraftState): string {
  const lines = form.fields.flatMap((field) => {
    const value = draft.values[field.name]
    return value === undefined ? [] : [`${field.label}：${field.show(value)}`]
  })
  const photos = draft.photos === undefined ? [] : [`照片：${Math.min(draft.photos.length, MOST_PHOTOS)} 张`]
  return [...lines, ...photos, ...draft.further.map(showFurther)].join('\n')
}

const showFurther = ({ description, category, address, person }: FurtherMatter): string => person !== undefined ? `另一位：${description}` : `另外一件：${description}${category === undefined ? '' : `（${category}）`}${address === undefined || description.includes(address) ? '' : `，${address}`}`

/** The draft with a piece of a value that is there already ("2单元" after "3号楼"); null when the words are none. */
export function extendValue(form: Form, draft: DraftState, said: string): DraftState | null {
  for (const field of form.fields) {
    const known = draft.values[field.name]
    const longer = known === undefined ? undefined : field.extend?.(known, said)
    if (longer !== undefined) return setValue(draft, field.name, longer)
  }
  return null
}
