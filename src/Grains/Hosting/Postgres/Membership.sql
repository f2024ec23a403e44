-- key: InsertMembershipVersionKey
WITH added AS (
    INSERT INTO orleans_cluster (deployment_id, version) VALUES (@DeploymentId, 0)
    ON CONFLICT DO NOTHING RETURNING 1)
SELECT EXISTS (SELECT 1 FROM added);

-- key: InsertMembershipKey
WITH step AS (
    UPDATE orleans_cluster SET version = version + 1
    WHERE deployment_id = @DeploymentId AND version = @Version AND NOT EXISTS (
        SELECT 1 FROM orleans_silo
        WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING deployment_id),
added AS (
    INSERT INTO orleans_silo
        (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
    SELECT deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM step RETURNING 1)
SELECT EXISTS (SELECT 1 FROM added);

-- key: UpdateMembershipKey
WITH step AS (
    UPDATE orleans_cluster SET version = version + 1
    WHERE deployment_id = @DeploymentId AND version = @Version AND EXISTS (
        SELECT 1 FROM orleans_silo
        WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING deployment_id),
changed AS (
    UPDATE orleans_silo AS silo SET status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
    FROM step
    WHERE silo.deployment_id = step.deployment_id AND address = @Address AND port = @Port AND generation = @Generation
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM changed);

-- key: UpdateIAmAlivetimeKey
UPDATE orleans_silo SET i_am_alive_time = @IAmAliveTime
WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation;

-- key: MembershipReadRowKey
SELECT cluster.version AS Version, silo.address AS Address, silo.port AS Port, silo.generation AS Generation, silo.silo_name AS SiloName,
    silo.host_name AS HostName, silo.status AS Status, silo.proxy_port AS ProxyPort, silo.suspect_times AS SuspectTimes,
    silo.start_time AS StartTime, silo.i_am_alive_time AS IAmAliveTime
FROM orleans_cluster AS cluster
LEFT JOIN orleans_silo AS silo
    ON silo.deployment_id = cluster.deployment_id AND address = @Address AND port = @Port AND generation = @Generation
WHERE cluster.deployment_id = @DeploymentId;

-- key: MembershipReadAllKey
SELECT cluster.version AS Version, silo.address AS Address, silo.port AS Port, silo.generation AS Generation, silo.silo_name AS SiloName,
    silo.host_name AS HostName, silo.status AS Status, silo.proxy_port AS ProxyPort, silo.suspect_times AS SuspectTimes,
    silo.start_time AS StartTime, silo.i_am_alive_time AS IAmAliveTime
FROM orleans_cluster AS cluster
LEFT JOIN orleans_silo AS silo ON silo.deployment_id = cluster.deployment_id
WHERE cluster.deployment_id = @DeploymentId;

-- key: GatewaysQueryKey
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM orleans_silo
WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0;

-- key: DeleteMembershipTableEntriesKey
DELETE FROM orleans_cluster WHERE deployment_id = @DeploymentId;

-- key: CleanupDefunctSiloEntriesKey
DELETE FROM orleans_silo
WHERE deployment_id = @DeploymentId AND status = 6 AND GREATEST(start_time, i_am_alive_time) < @IAmAliveTime;
