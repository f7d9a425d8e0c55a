import { Command, Option } from 'commander'
import { loadKnowledge } from '../knowledge/documents/load.ts'
import { createRoomCode, createStaffCode } from '../store/staff/codes.ts'
import { findRoom, listRoomNames } from '../store/channels/rooms.ts'
import { addStaff, STAFF_ROLES, type StaffRole } from '../store/staff/staff.ts'
import { fail, tell, withStore, writeLine } from './output.ts'

/** `staff-add USER [--role ROLE]`: adds a member of staff; the one-time password is the last word on standard output. */
export function staffAddCommand(): Command {
  return new Command('staff-add')
    .description('添加一位工作人员，打印一次性密码')
    .argument('<user>', '用户名')
    .addOption(new Option('--role <role>', '角色').choices(STAFF_ROLES).default('staff'))
    .option('--name <name>', '姓名，默认同用户名')
    .action((user: string, options: { role: StaffRole; name?: string }) =>
      withStore(async ({ store, now }) => {
        const result = await addStaff(store, { user, role: options.role, by: '命令行', now: now(), ...(options.name !== undefined && { name: options.name }) })
        if (result.outcome === 'user_exists') return fail(`已经有用户 ${user} 了。换一个用户名，或者在管理页面重设密码。`)
        if (result.outcome === 'invalid_user') return fail(`用户名“${user}”不能用。请用 2 到 32 个小写字母、数字、点、横线或下划线。`)
        tell(`${user} 已添加。第一次登录用下面的一次性密码，登录后要改：`)
        writeLine(result.oneTimePassword)
      }),
    )
}

/** `staff-code USER`: a one-time code with which that member of staff binds a private conversation; the last word on standard output. */
export function staffCodeCommand(): Command {
  return new Command('staff-code')
    .description('给一位工作人员打印一次性绑定码')
    .argument('<user>', '用户名')
    .action((user: string) =>
      withStore(async ({ store, now }) => {
        const code = await createStaffCode(store, { user, now: now() })
        if (code === null) return fail(`没有工作人员 ${user}，或者已经停用。先用 staff-add ${user} 添加。`)
        tell(`请 ${user} 在 30 分钟内私下对机器人发送：绑定 ${code}`)
        writeLine(code)
      }),
    )
}

/** `room-code [--area CODE] [--room ID]`: a one-time code with which staff bind a group, or say which of ours it is; the last word on standard output. */
export function roomCodeCommand(): Command {
  return new Command('room-code')
    .description('打印一次性绑定码，用来绑定一个群')
    .option('--area <area>', '这个群属于哪里：地方的代码或名字')
    .option('--room <id>', '这个群就是原来的哪个群（平台换了群号以后用）：群在邻里的编号')
    .action((options: { area?: string; room?: string }) =>
      withStore(async ({ store, config, now }) => {
        const { areas } = await loadKnowledge(config.knowledgeDirectory)
        const matches = areas.filter((area) => area.code === options.area || area.name === options.area)
        if (options.area !== undefined && matches.length === 0) return fail(`没有叫“${options.area}”的地方。能用的代码在 ${config.knowledgeDirectory}/areas.yaml 里。`)
        if (matches.length > 1) return fail(`“${options.area}”有 ${matches.length} 处，请写代码：${matches.map((area) => area.code).join('、')}`)
        const [area] = matches
        const room = options.room === undefined ? undefined : await findRoom(store, options.room)
        if (room === null) return fail([`没有编号是 ${options.room} 的群。现在有：`, ...(await listRoomNames(store)).map(({ id, channel, title }) => `  ${id}  ${channel}  ${title}`)].join('\n'))
        const code = await createRoomCode(store, { by: '命令行', now: now(), ...(area && { areaCode: area.code }), ...(room && { roomId: room.id }) })
        tell(`请工作人员在 24 小时内，在要绑定的群里 @机器人 并发送：绑定 ${code}`)
        writeLine(code)
      }),
    )
}
