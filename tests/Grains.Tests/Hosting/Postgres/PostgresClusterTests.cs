using MedGenCluster.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace MedGenCluster.Grains.Tests.Hosting.Postgres;

public sealed class PostgresClusterTests(PostgresCluster postgres) : IClassFixture<PostgresCluster>
{
    [PostgresFact]
    public Task State_survives_a_restart_of_all_silos() => ClusterContract.StateSurvivesARestartOfAllSilosAsync(postgres.NewCluster());

    [PostgresFact]
    public Task A_conflict_of_writers_is_seen() => ClusterContract.AConflictOfWritersIsSeenAsync(postgres.NewCluster());

    [PostgresFact]
    public Task A_reminder_fires() => ClusterContract.AReminderFiresAsync(postgres.NewCluster());

    [PostgresFact]
    public Task A_generation_job_goes_on_over_a_restart_of_its_silo() => JobContract.GenerationGoesOnAsync(postgres.NewCluster());

    [PostgresFact]
    public Task A_training_run_goes_on_over_a_restart_of_its_silo() => JobContract.TrainingGoesOnAsync(postgres.NewCluster());

    [PostgresFact]
    public Task A_killed_silo_is_declared_dead() => ClusterContract.AKilledSiloIsDeclaredDeadAsync(postgres.NewCluster());

    [PostgresFact]
    public async Task A_client_finds_the_silos_by_their_gateways()
    {
        var settings = postgres.NewCluster();
        await using var silo = await TestSilo.StartAsync(settings);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", settings.Postgres!))
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = settings.ClusterId));
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Equal(settings.SiloName, await host.Services.GetRequiredService<IClusterClient>().GetGrain<INoteGrain>("from a client").WhereAsync());
        await host.StopAsync();
    }

    [PostgresFact]
    public async Task Two_of_three_silos_that_are_killed_at_once_are_declared_dead_and_the_third_carries_their_work()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var silos = await ProbeCluster.FormAsync(postgres.NewCluster(), limit.Token, "one", "two", "three");
        await silos[2].ServeAsync();
        await silos[2].UntilAsync("serving", limit.Token);

        // Orleans' own settings take more than a minute.
        limit.CancelAfter(TimeSpan.FromSeconds(45));
        silos[0].Kill();
        silos[1].Kill();

        await silos[2].UntilAsync("member one Dead", limit.Token);
        var dead = await silos[2].UntilAsync("member two Dead", limit.Token);
        await silos[2].UntilAsync("served", limit.Token, dead.Milliseconds);
    }

    [PostgresFact]
    public async Task A_silo_that_is_asked_to_stop_puts_its_grains_down_and_leaves_in_good_order()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var silos = await ProbeCluster.FormAsync(postgres.NewCluster(), limit.Token, "one", "two");
        await silos[1].ServeAsync();
        await silos[1].UntilAsync("serving", limit.Token);

        await silos[0].SignalAsync("TERM");

        Assert.Equal(0, await silos[0].EndedAsync(limit.Token));
        Assert.Contains(silos[0].Lines, line => line.Text.StartsWith("deactivated", StringComparison.Ordinal) && line.Text.EndsWith("ShuttingDown", StringComparison.Ordinal));
        Assert.Contains(silos[0].Lines, line => line.Text == "stopped one");
        // It says so itself: nobody had to miss it.
        await silos[1].UntilAsync("member one ShuttingDown", limit.Token);
        await silos[1].UntilAsync("member one Dead", limit.Token);
    }
}
