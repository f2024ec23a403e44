using System.Text.Json;
using MedGenCluster.Deploy.Tests.Support;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Deploy.Tests;

/// <summary>GPU silos come and go with the GPU work that waits.</summary>
public sealed class ScalingTests
{
    public static TheoryData<string> Folders => ["overlays/azure", "overlays/gpu-batch"];

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void The_scaled_object_is_about_the_GPU_silos_whose_number_nobody_else_sets(string folder)
    {
        var manifests = Manifests.Of(folder);
        var scaled = Assert.Single(manifests.Kind("ScaledObject"));

        var target = Assert.Single(manifests.Silos, silo => silo.Name == scaled["spec"]["scaleTargetRef"]["name"].Text);
        Assert.True(target.IsGpu);
        Assert.False(target.Document["spec"]["replicas"].Exists);
        Assert.Equal(0, scaled["spec"]["minReplicaCount"].Number);
        Assert.True(scaled["spec"]["maxReplicaCount"].Number > 1);
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void It_asks_the_service_for_figures_that_the_API_gives_and_shows_the_token(string folder)
    {
        var manifests = Manifests.Of(folder);
        var scaled = manifests.Kind("ScaledObject").Single();
        using var answer = JsonDocument.Parse(JsonSerializer.Serialize(new Scaling(3, 4.5, 2, []), JsonSerializerOptions.Web));

        var triggers = scaled["spec"]["triggers"].Items.ToList();
        Assert.Equal(["seconds", "items"], triggers.Select(trigger => trigger["metadata"]["valueLocation"].Text));
        foreach (var trigger in triggers)
        {
            var url = new Uri(trigger["metadata"]["url"].Text!);
            var names = url.Host.Split('.');
            var service = manifests.Find("Service", names[0]);
            Assert.NotNull(service);
            Assert.Equal(service.Value["metadata"]["namespace"].Text, names[1]);
            Assert.Contains(service.Value["spec"]["ports"].Items, port => port["port"].Number == url.Port);
            Assert.StartsWith("/api/", url.AbsolutePath);
            Assert.Contains(url.AbsolutePath["/api".Length..], Checkout.InCode("Silo/Api", @"api\.MapGet\(""([^""]+)"""));
            Assert.Equal(JsonValueKind.Number, answer.RootElement.GetProperty(trigger["metadata"]["valueLocation"].Text!).ValueKind);
            Assert.Equal("metrics-api", trigger["type"].Text);
            Assert.Equal("bearer", trigger["metadata"]["authMode"].Text);

            var authentication = manifests.Find("TriggerAuthentication", trigger["authenticationRef"]["name"].Text);
            Assert.Equal("token", Assert.Single(authentication!.Value["spec"]["secretTargetRef"].Items)["parameter"].Text);
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void It_goes_down_slowly_and_not_at_all_where_it_gets_no_answer(string folder)
    {
        var scaled = Manifests.Of(folder).Kind("ScaledObject").Single();
        var down = scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"];

        Assert.False(scaled["spec"]["fallback"].Exists);
        Assert.True(scaled["spec"]["cooldownPeriod"].Number >= 600);
        Assert.True(down["stabilizationWindowSeconds"].Number >= 600);
        var policy = Assert.Single(down["policies"].Items);
        Assert.Equal(("Pods", 1), (policy["type"].Text, policy["value"].Number));
        Assert.True(policy["periodSeconds"].Number >= 300);
    }

    [KubectlFact]
    public void A_cluster_without_KEDA_gets_none_of_its_objects()
    {
        Assert.All(new[] { "base", "overlays/dev" }, folder => Assert.DoesNotContain(Manifests.Of(folder).All, document => document["apiVersion"].Text!.StartsWith("keda.sh", StringComparison.Ordinal)));
    }
}
