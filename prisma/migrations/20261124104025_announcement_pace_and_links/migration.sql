-- AlterTable
ALTER TABLE "Announcement" ADD COLUMN "linkUrl" TEXT;
ALTER TABLE "Announcement" ADD COLUMN "perMinute" INTEGER;
ALTER TABLE "Announcement" ADD COLUMN "pictureUrl" TEXT;
