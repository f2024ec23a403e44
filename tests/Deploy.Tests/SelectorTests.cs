using MedGenCluster.Deploy.Tests.Support;

namespace MedGenCluster.Deploy.Tests;

/// <summary>Everything that points at something points at something that is there.</summary>
public sealed class SelectorTests
{
    public static TheoryData<string> Folders => [.. Manifests.Folders];

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_folder_renders_both_kinds_of_silos_under_names_of_their_own(string folder)
    {
        var manifests = Manifests.Of(folder);

        Assert.Equal(["medgen-cpu", "medgen-gpu"], manifests.Silos.Select(silo => silo.Name).Order());
        var names = manifests.All.Select(document => (document["kind"].Text, document["metadata"]["name"].Text)).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.DoesNotContain(manifests.All, document => document["$patch"].Exists);
        Assert.All(manifests.All.Where(document => document["kind"].Text is not ("StorageClass" or "ConfigMap")), document => Assert.Equal("medgen", document["metadata"]["namespace"].Text));
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_workload_selects_its_own_pods_and_no_others(string folder)
    {
        var manifests = Manifests.Of(folder);

        Assert.All(manifests.Workloads, workload => Assert.Equal([workload.Name], manifests.Selected(workload.Document["spec"]["selector"]["matchLabels"]).Select(selected => selected.Name)));
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_service_leads_to_pods_that_have_its_ports(string folder)
    {
        var manifests = Manifests.Of(folder);

        Assert.NotEmpty(manifests.Kind("Service"));
        foreach (var service in manifests.Kind("Service"))
        {
            var pods = manifests.Selected(service["spec"]["selector"]);
            Assert.NotEmpty(pods);
            foreach (var (port, pod) in service["spec"]["ports"].Items.SelectMany(port => pods.Select(pod => (port, pod))))
            {
                var container = Assert.Single(pod.Containers.SelectMany(container => container["ports"].Items), named => named["name"].Text == port["targetPort"].Text);
                Assert.Equal(port["port"].Text, container["containerPort"].Text);
            }
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_disruption_budget_covers_each_kind_of_silo_and_lets_a_node_be_emptied(string folder)
    {
        var manifests = Manifests.Of(folder);

        var covered = manifests.Kind("PodDisruptionBudget").SelectMany(budget =>
        {
            Assert.Equal("1", budget["spec"]["maxUnavailable"].Text);
            return manifests.Selected(budget["spec"]["selector"]["matchLabels"]).Select(workload => workload.Name);
        });
        Assert.Equal(manifests.Silos.Select(silo => silo.Name).Order(), covered.Order());
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_network_policy_is_about_pods_that_are_there_and_ports_that_they_have(string folder)
    {
        var manifests = Manifests.Of(folder);
        var policies = manifests.Kind("NetworkPolicy").ToList();

        Assert.Contains(policies, policy => !policy["spec"]["podSelector"].Pairs.Any() && !policy["spec"]["ingress"].Exists && !policy["spec"]["egress"].Exists && policy["spec"]["policyTypes"].Texts.Order().SequenceEqual(["Egress", "Ingress"]));
        foreach (var policy in policies)
        {
            var subjects = manifests.Selected(policy["spec"]["podSelector"]["matchLabels"]);
            Assert.NotEmpty(subjects);
            foreach (var rule in policy["spec"]["ingress"].Items)
            {
                Assert.All(rule["from"].Items.Where(peer => peer["podSelector"].Exists), peer => Assert.NotEmpty(manifests.Selected(peer["podSelector"]["matchLabels"])));
                Assert.All(subjects, subject => Assert.Subset(Ports(subject), rule["ports"].Items.Select(port => port["port"].Text!).ToHashSet()));
            }

            foreach (var rule in policy["spec"]["egress"].Items)
            {
                foreach (var peer in rule["to"].Items.Where(peer => peer["podSelector"].Exists))
                {
                    var targets = manifests.Selected(peer["podSelector"]["matchLabels"]);
                    Assert.NotEmpty(targets);
                    Assert.All(targets, target => Assert.Subset(Ports(target), rule["ports"].Items.Select(port => port["port"].Text!).ToHashSet()));
                }

                // The nodes' metadata service gives credentials of the node to whoever asks.
                Assert.All(rule["to"].Items.Where(peer => peer["ipBlock"].Exists), peer => Assert.Contains("169.254.0.0/16", peer["ipBlock"]["except"].Texts));
            }
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void Silos_may_reach_one_another_and_every_service_of_the_folder(string folder)
    {
        var manifests = Manifests.Of(folder);
        string[] between = ["11111", "30000"];

        foreach (var (from, to) in manifests.Silos.SelectMany(from => manifests.Silos.Select(to => (from, to))))
        {
            Assert.All(between, port => Assert.True(Allows(manifests, "egress", "to", from, to, port) && Allows(manifests, "ingress", "from", to, from, port), $"{from} to {to}:{port}"));
        }

        foreach (var server in manifests.Workloads.Except(manifests.Silos))
        {
            Assert.All(Ports(server), port => Assert.All(manifests.Silos, silo =>
                Assert.True(Allows(manifests, "egress", "to", silo, server, port) && Allows(manifests, "ingress", "from", server, silo, port), $"{silo} to {server}:{port}")));
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_volume_that_is_mounted_is_there_and_a_claim_and_an_account_too(string folder)
    {
        var manifests = Manifests.Of(folder);

        foreach (var workload in manifests.Workloads)
        {
            var volumes = workload.Pod["volumes"].Items.Concat(workload.Document["spec"]["volumeClaimTemplates"].Items.Select(claim => claim["metadata"])).Select(volume => volume["name"].Text).ToList();
            var mounted = workload.AllContainers.SelectMany(container => container["volumeMounts"].Items).Select(mount => mount["name"].Text).ToHashSet();
            Assert.Equal(volumes.Order(), mounted.Order());
            Assert.All(workload.Pod["volumes"].Items.Where(volume => volume["persistentVolumeClaim"].Exists), volume => Assert.NotNull(manifests.Find("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"].Text)));
            Assert.True(workload.Pod["serviceAccountName"].Text is not { } account || manifests.Find("ServiceAccount", account) is not null);
        }

        Assert.All(manifests.Kind("PersistentVolumeClaim").Where(claim => claim["spec"]["storageClassName"].Exists), claim => Assert.NotNull(manifests.Find("StorageClass", claim["spec"]["storageClassName"].Text)));
    }

    private static HashSet<string> Ports(Workload workload) => [.. workload.Containers.SelectMany(container => container["ports"].Items).Select(port => port["containerPort"].Text!)];

    private static bool Allows(Manifests manifests, string direction, string peers, Workload subject, Workload peer, string port) => manifests.Kind("NetworkPolicy")
        .Where(policy => manifests.Selected(policy["spec"]["podSelector"]["matchLabels"]).Contains(subject))
        .SelectMany(policy => policy["spec"][direction].Items)
        .Any(rule => rule["ports"].Items.Any(allowed => allowed["port"].Text == port)
            && rule[peers].Items.Any(selector => selector["podSelector"].Exists && manifests.Selected(selector["podSelector"]["matchLabels"]).Contains(peer)));
}
