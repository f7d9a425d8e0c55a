-- CreateTable
CREATE TABLE "RequestFollower" (
    "requestId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "since" DATETIME NOT NULL,
    "followsFromId" TEXT,

    PRIMARY KEY ("requestId", "personId"),
    CONSTRAINT "RequestFollower_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "RequestFollower_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "StaffNotice" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "staffId" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "seenAt" DATETIME,
    CONSTRAINT "StaffNotice_staffId_fkey" FOREIGN KEY ("staffId") REFERENCES "StaffMember" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "StaffNotice_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Activity" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "requestId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'status',
    "author" TEXT NOT NULL DEFAULT 'system',
    "status" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "personId" TEXT,
    CONSTRAINT "Activity_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Activity" ("at", "by", "id", "note", "requestId", "status") SELECT "at", "by", "id", "note", "requestId", "status" FROM "Activity";
DROP TABLE "Activity";
ALTER TABLE "new_Activity" RENAME TO "Activity";
CREATE INDEX "Activity_requestId_at_idx" ON "Activity"("requestId", "at");
CREATE INDEX "Activity_personId_idx" ON "Activity"("personId");
CREATE INDEX "Activity_kind_status_at_idx" ON "Activity"("kind", "status", "at");
CREATE TABLE "new_OneTimeCode" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "staffId" TEXT,
    "areaCode" TEXT,
    "roomId" TEXT,
    "requestId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "usedAt" DATETIME,
    CONSTRAINT "OneTimeCode_staffId_fkey" FOREIGN KEY ("staffId") REFERENCES "StaffMember" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "OneTimeCode_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_OneTimeCode" ("areaCode", "createdAt", "expiresAt", "id", "purpose", "roomId", "staffId", "usedAt") SELECT "areaCode", "createdAt", "expiresAt", "id", "purpose", "roomId", "staffId", "usedAt" FROM "OneTimeCode";
DROP TABLE "OneTimeCode";
ALTER TABLE "new_OneTimeCode" RENAME TO "OneTimeCode";
CREATE TABLE "new_ServiceRequest" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "number" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "serviceCode" TEXT,
    "category" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "address" TEXT,
    "areaCode" TEXT,
    "requesterId" TEXT,
    "requesterName" TEXT,
    "requesterPhone" TEXT,
    "channel" TEXT NOT NULL DEFAULT '',
    "conversationId" TEXT,
    "wantedTime" TEXT,
    "assigneeId" TEXT,
    "acknowledgedAt" DATETIME,
    "waitingSince" DATETIME,
    "finishedAt" DATETIME,
    "urgedAt" DATETIME,
    "level" TEXT NOT NULL DEFAULT 'community',
    "levelSince" DATETIME,
    "mergedIntoId" TEXT,
    "ratingScore" INTEGER,
    "ratingComment" TEXT,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    "dueAt" DATETIME,
    CONSTRAINT "ServiceRequest_requesterId_fkey" FOREIGN KEY ("requesterId") REFERENCES "Person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "ServiceRequest_assigneeId_fkey" FOREIGN KEY ("assigneeId") REFERENCES "StaffMember" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "ServiceRequest_mergedIntoId_fkey" FOREIGN KEY ("mergedIntoId") REFERENCES "ServiceRequest" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
INSERT INTO "new_ServiceRequest" ("acknowledgedAt", "address", "areaCode", "assigneeId", "category", "conversationId", "createdAt", "description", "dueAt", "id", "kind", "number", "ratingComment", "ratingScore", "requesterId", "requesterName", "requesterPhone", "serviceCode", "status", "updatedAt", "wantedTime") SELECT "acknowledgedAt", "address", "areaCode", "assigneeId", "category", "conversationId", "createdAt", "description", "dueAt", "id", "kind", "number", "ratingComment", "ratingScore", "requesterId", "requesterName", "requesterPhone", "serviceCode", "status", "updatedAt", "wantedTime" FROM "ServiceRequest";
DROP TABLE "ServiceRequest";
ALTER TABLE "new_ServiceRequest" RENAME TO "ServiceRequest";
CREATE UNIQUE INDEX "ServiceRequest_number_key" ON "ServiceRequest"("number");
CREATE INDEX "ServiceRequest_status_createdAt_idx" ON "ServiceRequest"("status", "createdAt");
CREATE INDEX "ServiceRequest_requesterId_idx" ON "ServiceRequest"("requesterId");
CREATE INDEX "ServiceRequest_assigneeId_status_idx" ON "ServiceRequest"("assigneeId", "status");
CREATE INDEX "ServiceRequest_mergedIntoId_idx" ON "ServiceRequest"("mergedIntoId");
CREATE INDEX "ServiceRequest_createdAt_id_idx" ON "ServiceRequest"("createdAt", "id");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "RequestFollower_personId_idx" ON "RequestFollower"("personId");

-- CreateIndex
CREATE INDEX "StaffNotice_staffId_seenAt_at_idx" ON "StaffNotice"("staffId", "seenAt", "at");

-- CreateIndex
CREATE INDEX "StaffNotice_requestId_idx" ON "StaffNotice"("requestId");

-- Who wrote a line, and what it is, as far as the words of old ones tell
UPDATE "Activity" SET "author" = CASE "by" WHEN '居民' THEN 'resident' WHEN '系统' THEN 'system' WHEN '志愿者' THEN 'volunteer' ELSE 'staff' END;
UPDATE "Activity" SET "kind" = CASE WHEN "earlier"."before" IS NULL OR "earlier"."before" <> "status" THEN 'status' WHEN "author" = 'resident' THEN 'resident' WHEN "author" = 'staff' THEN 'staff_note' ELSE 'internal' END
FROM (SELECT "id" AS "activityId", LAG("status") OVER (PARTITION BY "requestId" ORDER BY "at", "id") AS "before" FROM "Activity") AS "earlier"
WHERE "earlier"."activityId" = "Activity"."id";

UPDATE "Activity" SET "personId" = (SELECT "ServiceRequest"."requesterId" FROM "ServiceRequest" WHERE "ServiceRequest"."id" = "Activity"."requestId") WHERE "author" = 'resident';
UPDATE "ServiceRequest" SET "channel" = COALESCE((SELECT "Conversation"."channel" FROM "Conversation" WHERE "Conversation"."id" = "ServiceRequest"."conversationId"), '');
UPDATE "ServiceRequest" SET "waitingSince" = COALESCE((SELECT MAX("Activity"."at") FROM "Activity" WHERE "Activity"."requestId" = "ServiceRequest"."id" AND "Activity"."kind" = 'status'), "updatedAt") WHERE "status" = 'waiting_resident';
UPDATE "ServiceRequest" SET "finishedAt" = COALESCE((SELECT MAX("Activity"."at") FROM "Activity" WHERE "Activity"."requestId" = "ServiceRequest"."id" AND "Activity"."kind" = 'status'), "updatedAt") WHERE "status" IN ('resolved', 'closed', 'rejected', 'merged', 'cancelled');
UPDATE "ServiceRequest" SET "assigneeId" = NULL WHERE "assigneeId" NOT IN (SELECT "id" FROM "StaffMember");
