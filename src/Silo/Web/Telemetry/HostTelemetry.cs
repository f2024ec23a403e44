using MedGenCluster.GpuWorkers.Batching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MedGenCluster.Silo.Web.Telemetry;

/// <summary>The .NET meters at /metrics, and traces and metrics to an OTLP endpoint where one is named.</summary>
internal sealed class HostTelemetry : IDisposable
{
    private readonly MeterProvider _meters;
    private readonly TracerProvider? _traces;

    /// <param name="endpoint">Null for the one in OTEL_EXPORTER_OTLP_ENDPOINT, if any.</param>
    public HostTelemetry(Uri? endpoint)
    {
        var export = endpoint is not null || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));
        var resource = ResourceBuilder.CreateDefault().AddService("medgen", serviceVersion: HostVersion.Text);
        var meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter("MedGenCluster.*", ModelInstruments.MeterName, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
            .AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 300);
        if (export)
        {
            meters.AddOtlpExporter(otlp => Configure(otlp, endpoint, "v1/metrics"));
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("MedGenCluster.*", "Microsoft.AspNetCore")
                .AddOtlpExporter(otlp => Configure(otlp, endpoint, "v1/traces")).Build();
        }

        _meters = meters.Build();
    }

    public void Map(WebApplication app) => app.UseOpenTelemetryPrometheusScrapingEndpoint(_meters, null, "/metrics", null, null);

    public void Dispose()
    {
        _traces?.Dispose();
        _meters.Dispose();
    }

    /// <summary>Over HTTP: the signal's path comes after the endpoint that is named.</summary>
    private static void Configure(OtlpExporterOptions otlp, Uri? endpoint, string path)
    {
        if (endpoint is not null)
        {
            otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
            otlp.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
        }
    }
}
