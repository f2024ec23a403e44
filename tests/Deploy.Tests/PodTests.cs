using System.Globalization;
using System.Text.RegularExpressions;
using MedGenCluster.Deploy.Tests.Support;

namespace MedGenCluster.Deploy.Tests;

/// <summary>What every pod promises: few rights, known needs, time to end.</summary>
public sealed class PodTests
{
    public static TheoryData<string> Folders => [.. Manifests.Folders];

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_pod_has_no_rights_beyond_its_own_files(string folder)
    {
        foreach (var workload in Manifests.Of(folder).Workloads)
        {
            Assert.True(workload.Pod["securityContext"]["runAsNonRoot"].IsTrue);
            Assert.True(workload.Pod["securityContext"]["runAsUser"].Number > 0);
            Assert.Equal("RuntimeDefault", workload.Pod["securityContext"]["seccompProfile"]["type"].Text);
            Assert.True(workload.Pod["automountServiceAccountToken"].IsFalse);
            Assert.DoesNotContain(workload.Pod.Pairs, pair => pair.Key is "hostNetwork" or "hostPID" or "hostIPC" && !pair.Value.IsFalse);
            Assert.DoesNotContain(workload.Pod["volumes"].Items, volume => volume["hostPath"].Exists);
            Assert.All(workload.AllContainers, container =>
            {
                Assert.True(container["securityContext"]["readOnlyRootFilesystem"].IsTrue);
                Assert.True(container["securityContext"]["allowPrivilegeEscalation"].IsFalse);
                Assert.Equal(["ALL"], container["securityContext"]["capabilities"]["drop"].Texts);
                Assert.False(container["securityContext"]["capabilities"]["add"].Exists || container["securityContext"]["privileged"].IsTrue);
                Assert.DoesNotContain(container["securityContext"].Pairs, pair => pair.Key is "runAsUser" or "runAsNonRoot");
            });
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_container_says_what_it_needs_and_a_silo_its_limit(string folder)
    {
        foreach (var workload in Manifests.Of(folder).Workloads)
        {
            Assert.All(workload.AllContainers, container =>
            {
                Assert.True(container["resources"]["requests"]["cpu"].Exists && container["resources"]["requests"]["memory"].Exists && container["resources"]["limits"]["memory"].Exists, $"{workload}/{container["name"].Text}");
                Assert.DoesNotMatch(":latest$|^[^:]*$", container["image"].Text);
            });
        }

        // The engine takes the processor's limit for the number of processors; without one it would take the whole node's.
        Assert.All(Manifests.Of(folder).Silos, silo => Assert.True(silo.Silo["resources"]["limits"]["cpu"].Exists));
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void Variables_of_services_do_not_come_into_a_silo(string folder)
    {
        // A service `medgen-silo` would give a variable MEDGEN_SILO_PORT with an address in it.
        Assert.All(Manifests.Of(folder).Silos, silo => Assert.True(silo.Pod["enableServiceLinks"].IsFalse));
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_silo_has_longer_to_end_than_the_program_takes(string folder)
    {
        var manifests = Manifests.Of(folder);
        foreach (var silo in manifests.Silos)
        {
            var command = silo.Silo["lifecycle"]["preStop"]["exec"]["command"].Texts.ToList();
            Assert.Equal("sleep", command[0]);
            var before = int.Parse(command[1], CultureInfo.InvariantCulture);

            // What the silo gives its stages, and half a minute that the program takes for the rest.
            var drain = int.Parse(PodEnvironment.Of(manifests, silo, silo.Silo)["MEDGEN_DRAIN_SECONDS"], CultureInfo.InvariantCulture) + 30;
            Assert.True(silo.Pod["terminationGracePeriodSeconds"].Number >= drain + before + 30, $"{silo} has {silo.Pod["terminationGracePeriodSeconds"].Text} s; the program takes up to {drain} s after {before} s.");
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public void A_GPU_is_asked_for_by_GPU_silos_alone(string folder)
    {
        foreach (var workload in Manifests.Of(folder).Workloads)
        {
            var asked = workload.AllContainers.Where(container => container["resources"]["requests"]["nvidia.com/gpu"].Exists || container["resources"]["limits"]["nvidia.com/gpu"].Exists).ToList();
            var wanted = workload.IsGpu && folder != "overlays/dev";

            Assert.Equal(wanted ? ["silo"] : [], asked.Select(container => container["name"].Text));
            Assert.Equal(wanted, workload.AllContainers.Any(container => container["image"].Text!.Contains("medgen-cuda", StringComparison.Ordinal)));
            Assert.Equal(wanted, workload.Pod["tolerations"].Items.Any(toleration => toleration["key"].Text == "nvidia.com/gpu"));
            Assert.Equal(wanted, workload.Pod["nodeSelector"].Exists);
            Assert.All(asked, container => Assert.Equal(container["resources"]["requests"]["nvidia.com/gpu"].Text, container["resources"]["limits"]["nvidia.com/gpu"].Text));
        }
    }
}
