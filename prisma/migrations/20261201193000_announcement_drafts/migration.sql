-- AlterTable: not made anew, as its deliveries would go with the old one
ALTER TABLE "Announcement" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "Announcement" ADD COLUMN "returnedAt" DATETIME;
ALTER TABLE "Announcement" ADD COLUMN "returnedBy" TEXT;
ALTER TABLE "Announcement" ADD COLUMN "returnComment" TEXT;
ALTER TABLE "Announcement" ADD COLUMN "supplements" TEXT;

-- CreateTable
CREATE TABLE "AnnouncementLine" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "announcementId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "by" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    CONSTRAINT "AnnouncementLine_announcementId_fkey" FOREIGN KEY ("announcementId") REFERENCES "Announcement" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_StaffNotice" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "staffId" TEXT NOT NULL,
    "requestId" TEXT,
    "announcementId" TEXT,
    "text" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "seenAt" DATETIME,
    CONSTRAINT "StaffNotice_staffId_fkey" FOREIGN KEY ("staffId") REFERENCES "StaffMember" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "StaffNotice_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "StaffNotice_announcementId_fkey" FOREIGN KEY ("announcementId") REFERENCES "Announcement" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_StaffNotice" ("at", "id", "requestId", "seenAt", "staffId", "text") SELECT "at", "id", "requestId", "seenAt", "staffId", "text" FROM "StaffNotice";
DROP TABLE "StaffNotice";
ALTER TABLE "new_StaffNotice" RENAME TO "StaffNotice";
CREATE INDEX "StaffNotice_staffId_seenAt_at_idx" ON "StaffNotice"("staffId", "seenAt", "at");
CREATE INDEX "StaffNotice_requestId_idx" ON "StaffNotice"("requestId");
CREATE INDEX "StaffNotice_announcementId_idx" ON "StaffNotice"("announcementId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "AnnouncementLine_announcementId_id_idx" ON "AnnouncementLine"("announcementId", "id");

-- CreateIndex
CREATE INDEX "Announcement_supplements_idx" ON "Announcement"("supplements");
