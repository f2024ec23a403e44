using System.Text.RegularExpressions;
using MedGenCluster.Deploy.Tests.Support;

namespace MedGenCluster.Deploy.Tests;

/// <summary>Secrets are named, never written.</summary>
public sealed partial class SecretTests
{
    public static TheoryData<string> Folders => [.. Manifests.Folders];

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void No_manifest_holds_a_secret(string folder)
    {
        var manifests = Manifests.Of(folder);

        Assert.Empty(manifests.Kind("Secret"));
        Assert.DoesNotContain(manifests.All.SelectMany(document => document.Scalars(document["metadata"]["name"].Text!)), scalar => SecretText().IsMatch(scalar.Text));
        Assert.All(manifests.Kind("ConfigMap").SelectMany(map => map["data"].Map), pair => Assert.True(IsHarmless(pair.Key, pair.Value), pair.Key));
        Assert.All(
            manifests.Workloads.SelectMany(workload => workload.AllContainers).SelectMany(container => container["env"].Items).Where(variable => variable["value"].Exists),
            variable => Assert.True(IsHarmless(variable["name"].Text!, variable["value"].Text!), variable["name"].Text));
    }

    [Fact]
    public void No_file_of_the_deployment_holds_a_secret()
    {
        var files = Directory.EnumerateFiles(Checkout.Deploy, "*", SearchOption.AllDirectories).ToList();

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => SecretText().IsMatch(File.ReadAllText(file)));
    }

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=bm90IGEgc2VjcmV0")]
    [InlineData("Host=db;Username=medgen;Password=hunter2")]
    [InlineData("https://a.blob.core.windows.net/?sv=2024-11-04&sig=abcdefghijklmnop")]
    [InlineData("postgres://medgen:hunter2@db/medgen")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----")]
    [InlineData("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm8=")]
    public void What_looks_like_a_secret_is_seen(string text)
    {
        Assert.Matches(SecretText(), text);
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void Every_secret_and_its_key_and_every_variable_stand_in_the_README(string folder)
    {
        var manifests = Manifests.Of(folder);
        var lines = Checkout.Readme.Split('\n');

        var keys = manifests.Workloads.SelectMany(workload => workload.AllContainers.SelectMany(container => Referenced(manifests, workload, container)))
            .Concat(manifests.Kind("TriggerAuthentication").SelectMany(authentication => authentication["spec"]["secretTargetRef"].Items).Select(reference => (Secret: reference["name"].Text!, Key: reference["key"].Text!)))
            .Distinct().ToList();
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.Contains(lines, line => line.StartsWith("| `" + key.Secret + "`", StringComparison.Ordinal) && line.Contains("`" + key.Key + "`", StringComparison.Ordinal)));

        var variables = manifests.Silos.SelectMany(silo => silo.AllContainers.SelectMany(container => PodEnvironment.Of(manifests, silo, container).Keys)).Distinct();
        Assert.All(variables, variable => Assert.Contains("`" + variable + "`", Checkout.Readme));
    }

    /// <summary>Keys of secrets that a container reads, as variables or as files.</summary>
    private static IEnumerable<(string Secret, string Key)> Referenced(Manifests manifests, Workload workload, Node container)
    {
        foreach (var reference in container["env"].Items.Select(variable => variable["valueFrom"]["secretKeyRef"]).Where(reference => reference.Exists))
        {
            yield return (reference["name"].Text!, reference["key"].Text!);
        }

        var files = container["envFrom"].Items.SelectMany(source => manifests.Find("ConfigMap", source["configMapRef"]["name"].Text)!.Value["data"].Map.Values)
            .Concat(container["env"].Items.Select(variable => variable["value"].Text ?? "")).Where(value => value.StartsWith("/secrets/", StringComparison.Ordinal)).ToList();
        foreach (var mount in container["volumeMounts"].Items)
        {
            var secret = workload.Pod["volumes"].Items.FirstOrDefault(volume => volume["name"].Text == mount["name"].Text)["secret"]["secretName"].Text;
            if (secret is not null)
            {
                var file = Assert.Single(files, file => Path.GetDirectoryName(file) == mount["mountPath"].Text);
                yield return (secret, Path.GetFileName(file));
            }
        }
    }

    private static bool IsHarmless(string name, string value) =>
        !Regex.IsMatch(name, "KEY|SECRET|PASSWORD|TOKEN|POSTGRES(?!_(USER|DB)$)") || (name.EndsWith("_FILE", StringComparison.Ordinal) && value.StartsWith("/secrets/", StringComparison.Ordinal));

    [GeneratedRegex(@"AccountKey=[A-Za-z0-9+/]|SharedAccessSignature=\w|[?&]sig=\w|(?i:password|pwd)=[^;\s$<.]|://[^/\s:@]+:[^/\s:@$<]+@|PRIVATE KEY|(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[0-9])(?=[A-Za-z0-9+/]*[A-Z])[A-Za-z0-9+/]{40,}={0,2}")]
    private static partial Regex SecretText();
}
