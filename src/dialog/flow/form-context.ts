import type { FormId } from '../../domain/messages/understanding.ts'
import type { FormContext } from '../../forms/form.ts'
import type { AssistantServices } from '../assistant.ts'

/** What the fields of a form are read and shown with. `form`: the one that is open. */
export function formContext({ services, areas, deadlines, reader }: Pick<AssistantServices, 'services' | 'areas' | 'deadlines' | 'reader'>, { form = 'service_request', knownArea, now }: { form?: FormId | undefined; knownArea: string | null; now: Date }): FormContext {
  return {
    services,
    areas,
    knownArea,
    deadlines,
    now,
    read: {
      category: (said) => reader.category(said),
      nearest: (said, matters) => reader.nearest(said, matters),
      isAbout: (said, matter) => reader.isAbout(said, matter),
      slots: (said, question) => reader.slots(said, { form, asked: question, now }),
    },
  }
}
