import { LONGEST_OFFICE_ANSWER, WEEKDAYS, type Office, type OfficePair, type OfficePerson, type OfficePlace, type SpecialDays } from '../../../domain/office/office.ts'
import { SPARE_ROWS, toWeeks, type WeekFields } from './office-form.ts'

interface FieldProps {
  name: string
  label: string
  value?: string | undefined
  hint?: string
  isRequired?: boolean
  longest?: number
}

const Field = ({ name, label, value = '', hint, isRequired = false, longest = 200 }: FieldProps) => (
  <div class="field">
    <label for={`f-${name}`}>{label}</label>
    <input id={`f-${name}`} name={name} value={value} required={isRequired} maxlength={longest} autocomplete="off" {...(hint !== undefined && { 'aria-describedby': `h-${name}` })} />
    {hint === undefined ? null : (
      <p class="hint" id={`h-${name}`}>
        {hint}
      </p>
    )}
  </div>
)

const Area = ({ name, label, value = '', rows = 2, longest = 1_000, hint }: FieldProps & { rows?: number }) => (
  <div class="field">
    <label for={`f-${name}`}>{label}</label>
    <textarea id={`f-${name}`} name={name} rows={rows} maxlength={longest}>
      {value}
    </textarea>
    {hint === undefined ? null : <p class="hint">{hint}</p>}
  </div>
)

const Count = ({ name, rows }: { name: string; rows: number }) => <input type="hidden" name={`${name}.rows`} value={String(rows)} />

/** A list with some empty rows behind it. */
const withSpare = <T,>(entries: readonly T[], spare: number): (T | null)[] => [...entries, ...Array.from({ length: spare }, () => null)]

export const OfficeFacts = ({ office }: { office: Partial<Office> }) => (
  <>
    <label class="check">
      <input type="checkbox" name="example" value="1" checked={office.example === true} />
      <span>这还是示例（每个回答都会写明“示例”；改成自己的以后，请去掉这个勾）</span>
    </label>
    <Field name="name" label="社区名称" value={office.name} isRequired longest={40} />
    <Field name="telephone" label="电话" value={office.telephone} longest={60} />
    <Field name="address" label="地址" value={office.address} longest={120} />
  </>
)

const Days = ({ name, days }: { name: string; days: readonly string[] }) => (
  <div class="week">
    {WEEKDAYS.map((day, index) => (
      <Field name={`${name}.day${index}`} label={day} value={days[index]} longest={80} />
    ))}
  </div>
)

export const Weeks = ({ weeks, holidays }: { weeks: readonly WeekFields[]; holidays: string }) => (
  <>
    <p class="hint">写成 8:30-11:30 13:30-17:00，中间空一格；不上班的日子空着。</p>
    <Count name="hours" rows={weeks.length} />
    {weeks.map((week, index) =>
      index === 0 ? (
        <fieldset>
          <legend>平时</legend>
          <Days name="hours.0" days={week.days} />
        </fieldset>
      ) : (
        <details open={week.from !== ''}>
          <summary>{week.from === '' ? '加一个季节（比如夏天的时间不一样）' : `${week.from} 到 ${week.to}`}</summary>
          <div class="inline">
            <Field name={`hours.${index}.from`} label="从（月-日）" value={week.from} longest={10} />
            <Field name={`hours.${index}.to`} label="到（月-日）" value={week.to} longest={10} />
          </div>
          <Days name={`hours.${index}`} days={week.days} />
        </details>
      ),
    )}
    <Field name="holidays" label="法定节假日" value={holidays} hint="空着就是休息。调休上班的周末按周一的时间。" longest={80} />
  </>
)

export const ClosedRows = ({ closed }: { closed: readonly SpecialDays[] }) => {
  const rows = withSpare(closed, SPARE_ROWS.closed)
  return (
    <>
      <Count name="closed" rows={rows.length} />
      {rows.map((row, index) => (
        <div class="inline">
          <Field name={`closed.${index}.from`} label="从（年-月-日）" value={row?.from} longest={20} />
          <Field name={`closed.${index}.to`} label="到（一天就空着）" value={row?.to} longest={20} />
          <Field name={`closed.${index}.reason`} label="为什么" value={row?.reason} longest={40} />
          <Field name={`closed.${index}.open`} label="几点到几点（休息就空着）" value={row?.open?.join(' ')} longest={80} />
        </div>
      ))}
    </>
  )
}

export const PeopleRows = ({ people }: { people: readonly OfficePerson[] }) => {
  const rows = withSpare(people, SPARE_ROWS.people)
  return (
    <>
      <p class="hint">网格员写上管哪些楼，居民问“3号楼归谁管”就答得上。姓名空着的一行不算。</p>
      <Count name="people" rows={rows.length} />
      {rows.map((row, index) => (
        <div class="inline">
          <Field name={`people.${index}.name`} label="姓名" value={row?.name} longest={30} />
          <Field name={`people.${index}.duty`} label="管什么" value={row?.duty} longest={60} />
          <Field name={`people.${index}.telephone`} label="电话" value={row?.telephone} longest={60} />
          <Field name={`people.${index}.buildings`} label="哪些楼（顿号隔开）" value={row?.buildings?.join('、')} longest={1_000} />
        </div>
      ))}
    </>
  )
}

export const PlaceRows = ({ places }: { places: readonly OfficePlace[] }) => {
  const rows = withSpare(places, SPARE_ROWS.places)
  return (
    <>
      <p class="hint">图书室、活动室、老年食堂这样的地方。</p>
      <Count name="places" rows={rows.length} />
      {rows.map((row, index) => (
        <details>
          <summary>{row?.name ?? '加一个地方'}</summary>
          <div class="stack">
            <Field name={`places.${index}.name`} label="名称" value={row?.name} longest={30} />
            <Field name={`places.${index}.words`} label="别的叫法（顿号隔开）" value={row?.words?.join('、')} longest={1_000} />
            <Field name={`places.${index}.address`} label="在哪里" value={row?.address} longest={120} />
            <Field name={`places.${index}.telephone`} label="电话" value={row?.telephone} longest={60} />
            <Days name={`places.${index}`} days={toWeeks(row?.hours ?? [])[0]?.days ?? []} />
            <Area name={`places.${index}.note`} label="说明" value={row?.note} longest={300} />
          </div>
        </details>
      ))}
    </>
  )
}

export const PairRows = ({ questions }: { questions: readonly OfficePair[] }) => {
  const rows = withSpare(questions, SPARE_ROWS.questions)
  return (
    <>
      <Count name="questions" rows={rows.length} />
      {rows.map((row, index) => (
        <details>
          <summary>{row?.question ?? '加一个问题'}</summary>
          <div class="stack">
            <Field name={`questions.${index}.question`} label="居民怎么问" value={row?.question} />
            <Area name={`questions.${index}.also`} label="别的问法（一行一个）" value={row?.also?.join('\n')} longest={5_000} />
            <Area name={`questions.${index}.answer`} label="答复" value={row?.answer} rows={3} longest={LONGEST_OFFICE_ANSWER} />
          </div>
        </details>
      ))}
    </>
  )
}
