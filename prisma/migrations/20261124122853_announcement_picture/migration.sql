-- AlterTable
ALTER TABLE "Announcement" ADD COLUMN "pictureName" TEXT;
ALTER TABLE "Announcement" ADD COLUMN "pictureSize" INTEGER;

-- AlterTable
ALTER TABLE "OutboxMessage" ADD COLUMN "pictureOf" TEXT;
