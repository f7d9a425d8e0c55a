import { formatLocalLong } from '../../../domain/time.ts'
import { areaName } from '../../../forms/areas.ts'
import type { Room } from '../../../store/channels/channel-board.ts'
import type { AdminServices } from '../parts/options.ts'
import { areaChoices, Choice, Empty, Time, Token } from '../parts/parts.tsx'
import { channelName } from '../parts/words.ts'

interface RoomsView {
  rooms: Room[]
  csrf: string
  options: AdminServices
  now: Date
}

const titleOf = (room: Room): string => room.title || '（没有名字的群）'

const RoomTags = ({ room, csrf }: { room: Room; csrf: string }) => (
  <form class="inline" method="post" action={`/admin/channels/rooms/${room.id}/tags`}>
    <Token csrf={csrf} />
    <div class="field">
      <label for={`tags-${room.id}`}>标签（几个就用逗号隔开）</label>
      <input id={`tags-${room.id}`} name="tags" value={room.tags.join('，')} maxlength={400} autocomplete="off" placeholder="比如：三期业主" />
    </div>
    <button type="submit" aria-label={`存好 ${room.title} 的标签`}>
      存好
    </button>
  </form>
)

const RoomCode = ({ csrf, options }: Pick<RoomsView, 'csrf' | 'options'>) => (
  <form class="inline" method="post" action="/admin/channels/room-code">
    <Token csrf={csrf} />
    <Choice name="area" label="这个群是哪里的" value="" options={areaChoices(options.areas, '不分地方')} />
    <button type="submit">生成群绑定码</button>
  </form>
)

const Heard = ({ room, now }: { room: Room; now: Date }) => (
  <span>
    {room.lastMessageAt === null ? (
      '还没有人说过话'
    ) : (
      <>
        {room.messageCount} 条消息，最近 <Time at={room.lastMessageAt} now={now} />
      </>
    )}
  </span>
)

const RoomToBind = ({ room, now, isSilent }: { room: Room; now: Date; isSilent: boolean }) => (
  <li class="row">
    <div class="row-main">
      <b class="typed">{titleOf(room)}</b>
      <p class="row-facts">
        <span>{channelName(room.channel)}</span>
        <Heard room={room} now={now} />
        <span>{isSilent ? '没有绑定，邻里在群里不说话，也收不到公告' : '没有绑定，收不到公告'}</span>
      </p>
    </div>
  </li>
)

const KnownRoom = ({ room, csrf, options, now }: RoomsView & { room: Room }) => (
  <li class="row">
    <div class="row-main">
      <b class="typed">{titleOf(room)}</b>
      <p class="row-facts">
        <span>{channelName(room.channel)}</span>
        {room.areaCode ? <span>{areaName(room.areaCode, options.areas)}</span> : null}
        <span>{room.boundAt ? `${formatLocalLong(room.boundAt)} 绑定` : '没有绑定，收不到公告'}</span>
        <Heard room={room} now={now} />
        {room.goneAt ? <span class="bad">{formatLocalLong(room.goneAt)} 起发不进去</span> : null}
      </p>
      {room.boundAt ? <RoomTags room={room} csrf={csrf} /> : null}
    </div>
    <div class="row-side">
      {room.messageCount > 0 ? (
        <form method="post" action="/admin/channels/room-code">
          <Token csrf={csrf} />
          <input type="hidden" name="room" value={room.id} />
          <button type="submit" aria-label={`重新绑定 ${room.title}`}>
            重新绑定
          </button>
        </form>
      ) : null}
      {room.boundAt ? (
        <form method="post" action={`/admin/channels/rooms/${room.id}/unbind`}>
          <Token csrf={csrf} />
          <button type="submit" aria-label={`解绑 ${room.title}`}>
            解绑
          </button>
        </form>
      ) : null}
    </div>
  </li>
)

/** Groups: those that wait to be bound, with what is known of them, and those that are or were. */
export const Rooms = (view: RoomsView) => {
  const isWaiting = (room: Room): boolean => room.boundAt === null && room.goneAt === null
  const toBind = view.rooms.filter(isWaiting)
  const known = view.rooms.filter((room) => !isWaiting(room))
  const isSilent = (room: Room): boolean => view.options.channels().some((channel) => channel.id === room.channel && channel.capabilities.silentUntilBound === true)
  return (
    <>
      <section class="card stack" aria-labelledby="s-rooms-to-bind">
        <h2 id="s-rooms-to-bind">等着绑定的群</h2>
        <p class="hint">先在这里生成绑定码，再由绑定过的工作人员在群里提到邻里，写“绑定 绑定码”。群名谁都能改，看名字认不准，要在群里写了绑定码才算。</p>
        <RoomCode csrf={view.csrf} options={view.options} />
        {toBind.length === 0 ? <Empty>没有等着绑定的群。</Empty> : <ul class="rows">{toBind.map((room) => <RoomToBind room={room} now={view.now} isSilent={isSilent(room)} />)}</ul>}
      </section>
      <section class="card stack" aria-labelledby="s-rooms">
        <h2 id="s-rooms">绑定过的群</h2>
        <p class="hint">绑定过的群才收得到公告。微信重新登录后，群可能换了号、发不进去：点“重新绑定”，在那个群里写一次新的绑定码，地方、标签、记录和没发完的公告就都接上了。</p>
        {known.length === 0 ? <Empty>还没有绑定过的群。</Empty> : <ul class="rows">{known.map((room) => <KnownRoom room={room} {...view} />)}</ul>}
      </section>
    </>
  )
}
