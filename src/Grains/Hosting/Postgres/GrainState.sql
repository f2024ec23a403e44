-- key: ReadFromStorageKey
SELECT payload AS PayloadBinary, version AS Version
FROM orleans_grain_state
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
    AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1 AND id_text = COALESCE(@GrainIdExtensionString, '');

-- key: WriteToStorageKey
WITH changed AS (
    UPDATE orleans_grain_state SET payload = @PayloadBinary, version = version + 1, written_at = now()
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
        AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1 AND id_text = COALESCE(@GrainIdExtensionString, '')
        AND version = @GrainStateVersion
    RETURNING version),
added AS (
    INSERT INTO orleans_grain_state (service_id, grain_type, id_n0, id_n1, id_text, payload, version)
    SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, COALESCE(@GrainIdExtensionString, ''), @PayloadBinary, 1
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING RETURNING version)
SELECT version AS NewGrainStateVersion FROM changed UNION ALL SELECT version FROM added;

-- key: ClearStorageKey
UPDATE orleans_grain_state SET payload = NULL, version = version + 1, written_at = now()
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
    AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1 AND id_text = COALESCE(@GrainIdExtensionString, '')
    AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion;

-- key: DeleteStorageKey
DELETE FROM orleans_grain_state
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
    AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1 AND id_text = COALESCE(@GrainIdExtensionString, '')
    AND version = @GrainStateVersion
RETURNING version + 1 AS NewGrainStateVersion;
