import { INTENTS, type Intent } from '../../../domain/messages/understanding.ts'
import type { ChangedMessage, Reading, TalkEffect } from '../../../language/reader/training/retrain.ts'
import type { ListedMessage } from '../../../store/knowledge/misread.ts'
import { shorten } from '../parts/format.ts'
import { Tag, Time, Token } from '../parts/parts.tsx'
import { INTENT_NAMES, intentName } from '../parts/words.ts'

/** Longest lists of what is read otherwise. */
const MOST_SHOWN = 10

const percent = (share: number): string => `${Math.round(share * 100)}%`
const readingNames = (readings: readonly Reading[]): string => readings.map(({ intent, probability }) => `${INTENT_NAMES[intent]} ${percent(probability)}`).join('，')

const readAs = (message: ListedMessage): string =>
  [
    { intent: message.first, probability: message.firstProbability },
    { intent: message.second, probability: message.secondProbability },
  ]
    .flatMap(({ intent, probability }) => (intent === null ? [] : [`${intentName(intent)} ${percent(probability)}`]))
    .join('，')

/** What it may mean, the likeliest first: what a resident said, then what it was read as. */
function proposals({ chosen, first, second }: ListedMessage): Intent[] {
  const named = [chosen, first, second]
  return INTENTS.filter((intent) => named.includes(intent)).sort((one, other) => named.indexOf(one) - named.indexOf(other))
}

export const MisreadFacts = ({ message, now }: { message: ListedMessage; now: Date }) => {
  const read = readAs(message)
  return (
    <p class="row-facts">
      <Tag tone={message.cause === 'put_right' ? 'busy' : 'wait'}>{message.cause === 'put_right' ? `居民点了：${intentName(message.chosen ?? 'other')}` : '没听懂'}</Tag>
      <span>说了 {message.timesSeen} 次</span>
      {read === '' ? null : <span>读成：{read}</span>}
      <span>
        最近一次 <Time at={message.lastSeenAt} now={now} />
      </span>
    </p>
  )
}

/** A message that waits, and the first of two clicks. */
export const OpenMessage = ({ message, csrf, now, problem }: { message: ListedMessage; csrf: string; now: Date; problem?: string }) => {
  const action = `/admin/misread/${message.id}/try`
  const [likeliest, ...others] = proposals(message)
  return (
    <li class="question card" id={`m-${message.id}`}>
      <h2 class="typed">{message.text}</h2>
      <MisreadFacts message={message} now={now} />
      {problem === undefined ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <form method="post" action={action} hx-post={action} hx-target="closest li" hx-swap="outerHTML" hx-sync="this:drop">
        <Token csrf={csrf} />
        {likeliest === undefined ? null : (
          <fieldset>
            <legend>这句话是（先看影响，不会马上保存）</legend>
            <div class="buttons">
              <button type="submit" name="intent" value={likeliest} class="primary">
                {INTENT_NAMES[likeliest]}
              </button>
              {others.map((intent) => (
                <button type="submit" name="intent" value={intent}>
                  {INTENT_NAMES[intent]}
                </button>
              ))}
            </div>
          </fieldset>
        )}
        <div class="field">
          <label for={`other-${message.id}`}>{likeliest === undefined ? '这句话是' : '都不是，是'}</label>
          <select id={`other-${message.id}`} name="other">
            <option value="">请选</option>
            {INTENTS.map((intent) => (
              <option value={intent}>{INTENT_NAMES[intent]}</option>
            ))}
          </select>
        </div>
        <div class="buttons">
          <button type="submit">看看影响</button>
          <button type="submit" name="dismiss" value="1" aria-label={`不用管：${shorten(message.text, 30)}`}>
            不用管
          </button>
        </div>
        <p class="hint trying" role="status">
          正在试着学一遍，十几秒就好…
        </p>
      </form>
    </li>
  )
}

const Changes = ({ title, changed }: { title: string; changed: readonly ChangedMessage[] }) =>
  changed.length === 0 ? null : (
    <details open>
      <summary>
        {title} {changed.length} 条
      </summary>
      <ul class="plain-list">
        {changed.slice(0, MOST_SHOWN).map(({ text, right, before, after }) => (
          <li>
            {text}（{INTENT_NAMES[before]} → {INTENT_NAMES[after]}
            {right === before || right === after ? '' : `，其实是${INTENT_NAMES[right]}`}）
          </li>
        ))}
        {changed.length > MOST_SHOWN ? <li>还有 {changed.length - MOST_SHOWN} 条</li> : null}
      </ul>
    </details>
  )

const EffectFacts = ({ effect, intent }: { effect: TalkEffect; intent: Intent }) => {
  const { tried, rightBefore, rightAfter, changed } = effect
  const isMet = effect.after[0]?.intent === intent
  return (
    <>
      <div>
        <h3>像这样的话以后怎么读</h3>
        <p class="row-facts">
          <span>
            现在：{readingNames(effect.before)} → 以后：{readingNames(effect.after)}
          </span>
          <Tag tone={isMet ? 'done' : 'wait'}>{isMet ? '学会了' : '原话会读对，相近的话还要再加几句'}</Tag>
        </p>
      </div>
      <div>
        <h3>别的话受不受影响</h3>
        <p>
          拿没学过的 {tried} 条话试了：现在读对 {rightBefore} 条（{percent(rightBefore / Math.max(1, tried))}），以后读对 {rightAfter} 条（{percent(rightAfter / Math.max(1, tried))}）。{changed.length === 0 ? '没有一条变化。' : ''}
        </p>
        <Changes title="变错" changed={changed.filter(({ right, before }) => right === before)} />
        <Changes title="变对" changed={changed.filter(({ right, after }) => right === after)} />
        <Changes title="换了一种错法" changed={changed.filter(({ right, before, after }) => right !== before && right !== after)} />
      </div>
    </>
  )
}

/** What making it an example would do, before it is saved: the second of two clicks. `effect`: a sentence where it could not be tried out. */
export const MisreadEffectCard = ({ message, intent, effect, csrf, now }: { message: ListedMessage; intent: Intent; effect: TalkEffect | string; csrf: string; now: Date }) => {
  const action = `/admin/misread/${message.id}`
  return (
    <li class="question card effect" id={`m-${message.id}`}>
      <h2 class="typed">{message.text}</h2>
      <MisreadFacts message={message} now={now} />
      <p>
        以后读成：{INTENT_NAMES[intent]}。<b>还没有保存。</b>
      </p>
      {typeof effect === 'string' ? (
        <p class="problem" role="alert">
          {effect}
        </p>
      ) : (
        <EffectFacts effect={effect} intent={intent} />
      )}
      <form method="post" action={action} hx-post={action} hx-target="closest li" hx-swap="outerHTML" hx-sync="this:drop">
        <Token csrf={csrf} />
        <input type="hidden" name="intent" value={intent} />
        <div class="buttons">
          <button type="submit" class="primary">
            保存
          </button>
          <a class="button" href="/admin/misread">
            不存，返回
          </a>
        </div>
      </form>
    </li>
  )
}

export const DecidedMessage = ({ message, csrf, now }: { message: ListedMessage; csrf: string; now: Date }) => (
  <li class="question card decided" id={`m-${message.id}`}>
    <div>
      <h2 class="typed">{message.text}</h2>
      <p class="row-facts">
        <Tag tone={message.status === 'dismissed' ? 'off' : 'done'}>{message.example === null ? '不用管' : `例子：${INTENT_NAMES[message.example]}`}</Tag>
        <span>说了 {message.timesSeen} 次</span>
        <span>{message.decidedBy}</span>
        {message.decidedAt === null ? null : <Time at={message.decidedAt} now={now} />}
      </p>
    </div>
    <form method="post" action={`/admin/misread/${message.id}/undo`} hx-post={`/admin/misread/${message.id}/undo`} hx-target="closest li" hx-swap="outerHTML">
      <Token csrf={csrf} />
      <button type="submit" aria-label={`撤销：${shorten(message.text, 30)}`}>
        撤销
      </button>
    </form>
  </li>
)
