using System.Diagnostics;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Budgets;
using MedGenCluster.Grains.Jobs;
using MedGenCluster.Grains.Lanes;
using MedGenCluster.Grains.Running;
using MedGenCluster.Engine.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Dashboard;

namespace MedGenCluster.Grains.Hosting;

/// <summary>Puts a silo together: Orleans with our grains and what they share.</summary>
internal static class SiloHost
{
    public static IHost Build(ClusterParts parts)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(parts.Logs);
        builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddSingleton(new ClusterClock(parts.Time));
        builder.Services.AddSingleton<TimeProvider>(services => services.GetRequiredService<ClusterClock>());
        builder.Services.AddSingleton(parts);
        builder.Services.AddSingleton(parts.Ledger);
        builder.Services.AddSingleton(parts.Budget as ClusterBudget ?? throw new ArgumentException("The budget is not one of this factory's.", nameof(parts)));
        builder.Services.AddSingleton<IGpuSilos, GpuSilos>();
        builder.Services.AddSingleton<LaneRouter>();
        builder.Services.AddSingleton<ShardHome>();
        builder.Services.AddSingleton<SiloVoice>();
        builder.Services.AddSingleton<ClusterWatch>();
        builder.Services.AddSingleton<ShardDesks>();
        builder.Services.AddSingleton(services => new JobEnding(parts.Ledger, parts.Finish, services.GetRequiredService<ILogger<JobEnding>>()));
        builder.Services.AddSingleton(services => new SiloWork(
            parts, services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString(), services.GetRequiredService<LaneRouter>()));
        // The dashboard's pages are answered outside of a web application, which would have brought these.
        var diagnostics = new DiagnosticListener("MedGenCluster.Grains");
        builder.Services.AddSingleton(diagnostics);
        builder.Services.AddSingleton<DiagnosticSource>(diagnostics);
        builder.Services.AddRouting();
        builder.UseOrleans(silo =>
        {
            SiloConfiguration.Configure(silo, parts.Settings);
            // Its trace is the silo's log, which has names of sources and files.
            silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        });
        return builder.Build();
    }
}
