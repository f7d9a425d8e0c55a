-- AlterTable
ALTER TABLE "StaffMember" ADD COLUMN     "areaCode" TEXT;
