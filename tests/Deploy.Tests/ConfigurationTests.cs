using System.Net;
using MedGenCluster.Deploy.Tests.Support;
using MedGenCluster.Engine.Clustering;
using MedGenCluster.Silo.Web;

namespace MedGenCluster.Deploy.Tests;

/// <summary>What the manifests say to the program is what the program understands.</summary>
public sealed class ConfigurationTests
{
    public static TheoryData<string> Folders => [.. Manifests.Folders];

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void Every_variable_and_option_exists_in_the_code(string folder)
    {
        var manifests = Manifests.Of(folder);
        var known = ClusterConfiguration.Options.Select(option => ClusterConfiguration.Variable(option.Name))
            .Concat(Checkout.InCode("", @"GetEnvironmentVariable\(""(MEDGEN_\w+)""\)")).Concat(["MEDGEN_POSTGRES", "MEDGEN_AZURE_STORAGE"]).ToHashSet();
        var options = Checkout.InCode("Client", @"new\(""(--[a-z-]+)""");

        foreach (var (silo, container) in manifests.Silos.SelectMany(silo => silo.AllContainers.Select(container => (silo, container))))
        {
            Assert.All(PodEnvironment.Of(manifests, silo, container).Keys.Where(name => name != "POD_NAMESPACE"), name => Assert.Contains(name, known));
            Assert.All(container["args"].Texts.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, options));
            Assert.DoesNotContain("MEDGEN_SERVER", PodEnvironment.Of(manifests, silo, container).Keys);
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void The_program_takes_the_settings_and_listens_where_the_ports_are(string folder)
    {
        var manifests = Manifests.Of(folder);

        foreach (var silo in manifests.Silos)
        {
            using var secrets = new SecretFiles();
            var variables = PodEnvironment.Of(manifests, silo, silo.Silo).ToDictionary(pair => pair.Key, pair => secrets.InPlaceOf(pair.Value));
            var settings = ClusterConfiguration.Read(_ => null, name => variables.GetValueOrDefault(name));
            var web = Web(manifests, silo);

            Assert.True(ClusterConfiguration.IsOrleans(_ => null, name => variables.GetValueOrDefault(name)));
            Assert.Equal(silo.IsGpu ? SiloRole.Gpu : SiloRole.Cpu, settings.Role);
            // A card is of no use to a program that was not told to use it.
            Assert.Equal(silo.Silo["resources"]["limits"]["nvidia.com/gpu"].Exists ? "cuda" : "cpu", variables.GetValueOrDefault("MEDGEN_PROVIDER", "cpu"));
            Assert.Equal(PodEnvironment.PodAddress, settings.AdvertisedAddress);
            Assert.NotNull(settings.Postgres);
            Assert.NotNull(settings.AzureStorage);
            Assert.NotNull(settings.MediaContainer);
            Assert.NotEqual(ClusteringBackend.Localhost, settings.Clustering);
            Assert.Equal(
                [("gateway", settings.GatewayPort), ("http", new Uri(web.Listen).Port), ("silo", settings.SiloPort)],
                silo.Silo["ports"].Items.Select(port => (port["name"].Text!, port["containerPort"].Number)).Order());
            Assert.Empty((web with { TokenFile = secrets.InPlaceOf(variables["MEDGEN_TOKEN_FILE"]) }).Check().Errors);
            Assert.NotEmpty(web.Check().Errors);
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void Files_that_are_named_are_mounted_and_what_is_written_can_be(string folder)
    {
        var manifests = Manifests.Of(folder);

        foreach (var silo in manifests.Silos)
        {
            var variables = PodEnvironment.Of(manifests, silo, silo.Silo);
            var mounts = silo.Silo["volumeMounts"].Items.ToDictionary(mount => mount["mountPath"].Text!, mount => mount["readOnly"].IsTrue);

            Assert.All(variables.Where(pair => pair.Key.EndsWith("_FILE", StringComparison.Ordinal)), pair => Assert.True(mounts[Path.GetDirectoryName(pair.Value)!], pair.Key));
            Assert.False(mounts[variables["MEDGEN_DATA"]]);
            Assert.False(mounts["/tmp"]);
            Assert.False(mounts[variables["MEDGEN_DATA"] + "/downloads"]);
            Assert.True(variables["MEDGEN_MODELS"].StartsWith("/app/", StringComparison.Ordinal) || mounts[Path.GetDirectoryName(variables["MEDGEN_MODELS"])!]);
            // One silo fetches a video, another segments it.
            Assert.Equal("medgen-downloads", silo.Pod["volumes"].Items.Single(volume => volume["name"].Text == "downloads")["persistentVolumeClaim"]["claimName"].Text);
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public async Task Probes_are_answered_without_the_token_and_the_names_of_the_service_are_known(string folder)
    {
        var manifests = Manifests.Of(folder);

        foreach (var silo in manifests.Silos)
        {
            using var secrets = new SecretFiles();
            var options = Web(manifests, silo) with { Listen = "http://0.0.0.0:0", TokenFile = secrets.InPlaceOf("/secrets/token/token") };
            await using var host = await WebHost.StartAsync(options, Path.Combine(secrets.Folder, "keys"), () => null, _ => { });
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{new Uri(host.Address).Port}") };

            var probes = new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(kind => silo.Silo[kind]["httpGet"]).ToList();
            Assert.All(probes, probe => Assert.Equal("http", probe["port"].Text));
            foreach (var probe in probes)
            {
                Assert.Equal(HttpStatusCode.OK, await AskAsync(client, probe["path"].Text!, PodEnvironment.PodAddress));
            }

            Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/healthz", "medgen.medgen.svc.cluster.local"));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/healthz", "medgen"));
            Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(client, "/healthz", "elsewhere.example.org"));
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, "/api/scaling", "medgen"));
        }
    }

    private static WebOptions Web(Manifests manifests, Workload silo)
    {
        var arguments = PodEnvironment.Arguments(manifests, silo, silo.Silo);
        Assert.Equal("up", arguments[0]);
        return new WebOptions { Listen = Assert.Single(PodEnvironment.Values(arguments, "--listen")), HostNames = [.. PodEnvironment.Values(arguments, "--host-name")] };
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Files that stand for the mounted secrets.</summary>
    private sealed class SecretFiles : IDisposable
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("medgen-deploy-").FullName;

        public string InPlaceOf(string value)
        {
            if (!value.StartsWith("/secrets/", StringComparison.Ordinal))
            {
                return value;
            }

            var path = Path.Combine(Folder, Path.GetFileName(value));
            File.WriteAllText(path, "sixteen-characters-or-more");
            return path;
        }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
