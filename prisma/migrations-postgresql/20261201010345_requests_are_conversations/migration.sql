-- Nobody is pointed to who is not there
UPDATE "ServiceRequest" SET "assigneeId" = NULL WHERE "assigneeId" NOT IN (SELECT "id" FROM "StaffMember");

-- AlterTable
ALTER TABLE "Activity" ADD COLUMN     "author" TEXT NOT NULL DEFAULT 'system',
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'status',
ADD COLUMN     "personId" TEXT;

-- AlterTable
ALTER TABLE "OneTimeCode" ADD COLUMN     "requestId" TEXT;

-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN     "channel" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "finishedAt" TIMESTAMP(3),
ADD COLUMN     "level" TEXT NOT NULL DEFAULT 'community',
ADD COLUMN     "levelSince" TIMESTAMP(3),
ADD COLUMN     "mergedIntoId" TEXT,
ADD COLUMN     "urgedAt" TIMESTAMP(3),
ADD COLUMN     "waitingSince" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "RequestFollower" (
    "requestId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "since" TIMESTAMP(3) NOT NULL,
    "followsFromId" TEXT,

    CONSTRAINT "RequestFollower_pkey" PRIMARY KEY ("requestId","personId")
);

-- CreateTable
CREATE TABLE "StaffNotice" (
    "id" TEXT NOT NULL,
    "staffId" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "seenAt" TIMESTAMP(3),

    CONSTRAINT "StaffNotice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "RequestFollower_personId_idx" ON "RequestFollower"("personId");

-- CreateIndex
CREATE INDEX "StaffNotice_staffId_seenAt_at_idx" ON "StaffNotice"("staffId", "seenAt", "at");

-- CreateIndex
CREATE INDEX "StaffNotice_requestId_idx" ON "StaffNotice"("requestId");

-- CreateIndex
CREATE INDEX "Activity_personId_idx" ON "Activity"("personId");

-- CreateIndex
CREATE INDEX "Activity_kind_status_at_idx" ON "Activity"("kind", "status", "at");

-- CreateIndex
CREATE INDEX "ServiceRequest_assigneeId_status_idx" ON "ServiceRequest"("assigneeId", "status");

-- CreateIndex
CREATE INDEX "ServiceRequest_mergedIntoId_idx" ON "ServiceRequest"("mergedIntoId");

-- AddForeignKey
ALTER TABLE "ServiceRequest" ADD CONSTRAINT "ServiceRequest_assigneeId_fkey" FOREIGN KEY ("assigneeId") REFERENCES "StaffMember"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ServiceRequest" ADD CONSTRAINT "ServiceRequest_mergedIntoId_fkey" FOREIGN KEY ("mergedIntoId") REFERENCES "ServiceRequest"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RequestFollower" ADD CONSTRAINT "RequestFollower_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RequestFollower" ADD CONSTRAINT "RequestFollower_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StaffNotice" ADD CONSTRAINT "StaffNotice_staffId_fkey" FOREIGN KEY ("staffId") REFERENCES "StaffMember"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StaffNotice" ADD CONSTRAINT "StaffNotice_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OneTimeCode" ADD CONSTRAINT "OneTimeCode_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who wrote a line, and what it is, as far as the words of old ones tell
UPDATE "Activity" SET "author" = CASE "by" WHEN '居民' THEN 'resident' WHEN '系统' THEN 'system' WHEN '志愿者' THEN 'volunteer' ELSE 'staff' END;
UPDATE "Activity" SET "kind" = CASE WHEN "earlier"."before" IS NULL OR "earlier"."before" <> "status" THEN 'status' WHEN "author" = 'resident' THEN 'resident' WHEN "author" = 'staff' THEN 'staff_note' ELSE 'internal' END
FROM (SELECT "id" AS "activityId", LAG("status") OVER (PARTITION BY "requestId" ORDER BY "at", "id") AS "before" FROM "Activity") AS "earlier"
WHERE "earlier"."activityId" = "Activity"."id";

UPDATE "Activity" SET "personId" = (SELECT "ServiceRequest"."requesterId" FROM "ServiceRequest" WHERE "ServiceRequest"."id" = "Activity"."requestId") WHERE "author" = 'resident';
UPDATE "ServiceRequest" SET "channel" = COALESCE((SELECT "Conversation"."channel" FROM "Conversation" WHERE "Conversation"."id" = "ServiceRequest"."conversationId"), '');
UPDATE "ServiceRequest" SET "waitingSince" = COALESCE((SELECT MAX("Activity"."at") FROM "Activity" WHERE "Activity"."requestId" = "ServiceRequest"."id" AND "Activity"."kind" = 'status'), "updatedAt") WHERE "status" = 'waiting_resident';
UPDATE "ServiceRequest" SET "finishedAt" = COALESCE((SELECT MAX("Activity"."at") FROM "Activity" WHERE "Activity"."requestId" = "ServiceRequest"."id" AND "Activity"."kind" = 'status'), "updatedAt") WHERE "status" IN ('resolved', 'closed', 'rejected', 'merged', 'cancelled');
