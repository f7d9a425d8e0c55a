-- CreateTable
CREATE TABLE "GuardianConsent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "volunteerId" TEXT NOT NULL,
    "guardianName" TEXT NOT NULL,
    "guardianPhone" TEXT NOT NULL,
    "how" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "personId" TEXT,
    "at" DATETIME NOT NULL,
    CONSTRAINT "GuardianConsent_volunteerId_fkey" FOREIGN KEY ("volunteerId") REFERENCES "Volunteer" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_OneTimeCode" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "staffId" TEXT,
    "areaCode" TEXT,
    "roomId" TEXT,
    "requestId" TEXT,
    "volunteerId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "usedAt" DATETIME,
    CONSTRAINT "OneTimeCode_staffId_fkey" FOREIGN KEY ("staffId") REFERENCES "StaffMember" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "OneTimeCode_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "OneTimeCode_volunteerId_fkey" FOREIGN KEY ("volunteerId") REFERENCES "Volunteer" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_OneTimeCode" ("areaCode", "createdAt", "expiresAt", "id", "purpose", "requestId", "roomId", "staffId", "usedAt") SELECT "areaCode", "createdAt", "expiresAt", "id", "purpose", "requestId", "roomId", "staffId", "usedAt" FROM "OneTimeCode";
DROP TABLE "OneTimeCode";
ALTER TABLE "new_OneTimeCode" RENAME TO "OneTimeCode";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "GuardianConsent_volunteerId_at_idx" ON "GuardianConsent"("volunteerId", "at");
