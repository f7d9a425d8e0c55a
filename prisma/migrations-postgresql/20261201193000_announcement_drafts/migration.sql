-- AlterTable
ALTER TABLE "Announcement" ADD COLUMN     "returnComment" TEXT,
ADD COLUMN     "returnedAt" TIMESTAMP(3),
ADD COLUMN     "returnedBy" TEXT,
ADD COLUMN     "supplements" TEXT,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "StaffNotice" ADD COLUMN     "announcementId" TEXT,
ALTER COLUMN "requestId" DROP NOT NULL;

-- CreateTable
CREATE TABLE "AnnouncementLine" (
    "id" SERIAL NOT NULL,
    "announcementId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "by" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "note" TEXT NOT NULL,

    CONSTRAINT "AnnouncementLine_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "AnnouncementLine_announcementId_id_idx" ON "AnnouncementLine"("announcementId", "id");

-- CreateIndex
CREATE INDEX "Announcement_supplements_idx" ON "Announcement"("supplements");

-- CreateIndex
CREATE INDEX "StaffNotice_announcementId_idx" ON "StaffNotice"("announcementId");

-- AddForeignKey
ALTER TABLE "StaffNotice" ADD CONSTRAINT "StaffNotice_announcementId_fkey" FOREIGN KEY ("announcementId") REFERENCES "Announcement"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AnnouncementLine" ADD CONSTRAINT "AnnouncementLine_announcementId_fkey" FOREIGN KEY ("announcementId") REFERENCES "Announcement"("id") ON DELETE CASCADE ON UPDATE CASCADE;
