-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN "searchText" TEXT NOT NULL DEFAULT '';
